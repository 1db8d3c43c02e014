import { expect } from "chai";
import { planLookUp, planWriteBack } from "../../handler/look-up-plan.ts";

const HOUR_MS = 60 * 60 * 1000;
const NOW = 100 * HOUR_MS;
const ACME = { tenantId: "acme", environment: "dev" };
const OTHER = { tenantId: "other", environment: "dev" };
const knownFor = (hours: number) => ({ tags: ACME, learnedAt: NOW - hours * HOUR_MS });

describe("the plan of a look-up", () => {
  for (const [known, startsDeployment, ecsRests, plan] of [
    [undefined, false, true, "ask_with_retries"],
    [knownFor(23), false, false, "use_known"],
    [knownFor(23), true, false, "ask_once"],
    [knownFor(24), false, false, "ask_once"],
    [knownFor(24), false, true, "make_do"],
    [knownFor(1), true, true, "make_do"],
  ] as const)
    it(`is ${plan} when ${known === undefined ? "nothing is known" : `something is known for ${(NOW - known.learnedAt) / HOUR_MS} h`}${startsDeployment ? ", a deployment starts" : ""}${ecsRests ? ", ECS rests" : ""}`, () => {
      expect(planLookUp({ known, startsDeployment, ecsRests, now: NOW })).to.equal(plan);
    });
});

describe("what ECS's answer means for the directory", () => {
  const known = (hours: number) => ({ kind: "known", service: knownFor(hours) }) as const;
  const vacant = { kind: "vacant" } as const;
  const rejected = { kind: "rejected", reason: "no" } as const;

  for (const [what, reading, answer, expected] of [
    ["a service that is gone", known(1), undefined, { tags: undefined, contradicted: undefined }],
    ["a service that nobody knows", vacant, undefined, { tags: undefined, contradicted: undefined }],
    [
      "a service that is gone, of a rejected item",
      rejected,
      undefined,
      { tags: {}, contradicted: undefined },
    ],
    ["a service without a tenant", vacant, {}, { tags: undefined, contradicted: undefined }],
    ["a service that has no tenant any more", known(1), {}, { tags: {}, contradicted: "acme" }],
    [
      "a tenant of another environment",
      vacant,
      { ...ACME, environment: "prod" },
      { tags: undefined, contradicted: undefined },
    ],
    ["a tenant that is new", vacant, ACME, { tags: ACME, contradicted: undefined }],
    ["a tenant in place of a rejected item", rejected, ACME, { tags: ACME, contradicted: undefined }],
    ["a tenant that is confirmed", known(11), ACME, { tags: undefined, contradicted: undefined }],
    ["a tenant that is confirmed after long", known(12), ACME, { tags: ACME, contradicted: undefined }],
    ["another tenant", known(1), OTHER, { tags: OTHER, contradicted: "acme" }],
  ] as const)
    it(`of ${what}`, () => {
      expect(planWriteBack(reading, answer, "dev", NOW)).to.deep.equal(expected);
    });
});
