import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { awsError } from "./aws-stub.ts";
import { type Fault, FAULTS } from "./faults.ts";
import { type Case, exceptionsOf, observe, type Observed, SERVICES } from "./observe-faults.ts";
import { buildUnbundledHandler } from "./unbundled-handler.ts";
import { buildZippedHandler } from "./zipped-handler.ts";

/** So many cases share a client: its retry quota is 500, and a case takes up to 42 of it. */
const CASES_OF_A_CLIENT = 10;

/** The first test to ask plays all cases, which takes a busy machine minutes. */
const SEEN_BY_THE_FIRST_MS = 300_000;

const expectation = ({ retried }: Fault): string => (retried ? "tries again" : "throws at once");

const expectAsTold = (observed: Observed | undefined, { retried }: Fault, { service, lasts }: Case): void => {
  expect(observed?.operations).to.have.length(retried ? (lasts === "once" ? 2 : 4) : 1);
  if (retried && lasts === "once") {
    expect(observed).to.have.nested.property("outcome.answer.tenantStatus", "ACTIVE");
  } else {
    const errorType = service === "DynamoDB" ? "TenantStoreError" : "TagLookupError";
    expect(observed).to.have.nested.property("outcome.errorType", errorType);
  }
};

/** The cases of one process after another: each service has a client, and so a quota, of its own. */
const sharesOf = (cases: readonly Case[]): Case[][] => {
  const shares: Case[][] = [];
  for (const service of SERVICES) {
    cases
      .filter((given) => given.service === service)
      .forEach((given, index) => (shares[Math.floor(index / CASES_OF_A_CLIENT)] ??= []).push(given));
  }
  return shares;
};

const lazily = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};

/** The handler as it is deployed must meet each fault as it does with the SDK as npm installed it. */
describe("the built bundle, when something fails", () => {
  let directory: string;
  let bundle: string;
  let unbundled: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "bundle-faults-"));
    [bundle, unbundled] = await Promise.all([
      buildZippedHandler(directory),
      buildUnbundledHandler(directory),
    ]);
  });
  after(() => rm(directory, { recursive: true }));

  const table = SERVICES.flatMap((service) =>
    FAULTS.flatMap((fault, index) =>
      (["once", "always"] as const).map((lasts) => ({
        fault,
        given: { tenantId: `${service}-${lasts}-${index}`, service, treatment: fault.treatment, lasts },
      })),
    ),
  );
  const seen = lazily(() => observeBoth(table.map(({ given }) => given)));

  for (const { fault, given } of table) {
    it(`meets ${fault.title} of ${given.service}, ${given.lasts}, as the SDK does: ${expectation(fault)}`, async () => {
      const { ofBundle, ofSdk } = await seen();
      const observed = ofBundle.get(given.tenantId);
      expect(observed).to.deep.equal(ofSdk.get(given.tenantId));
      expectAsTold(observed, fault, given);
    }).timeout(SEEN_BY_THE_FIRST_MS);
  }

  for (const service of SERVICES) {
    it(`tells every exception of ${service} as the SDK does`, async () => {
      const given = exceptionsOf(service).map((name) => ({
        tenantId: name,
        service,
        treatment: awsError(name),
        lasts: "always" as const,
      }));
      const { ofBundle, ofSdk } = await observeBoth(given);
      expect(Object.fromEntries(ofBundle)).to.deep.equal(Object.fromEntries(ofSdk));
    });
  }

  it("tries again after ReplicatedWriteConflictException, which the SDK knows by its class alone", async () => {
    const given = (["once", "always"] as const).map((lasts) => ({
      tenantId: lasts,
      service: "DynamoDB" as const,
      treatment: awsError("ReplicatedWriteConflictException"),
      lasts,
    }));
    const { ofBundle } = await observeBoth(given);
    expect(ofBundle.get("once")).to.have.nested.property("outcome.answer.status", "success");
    expect(ofBundle.get("always")?.operations).to.have.length(4);
  });

  it("takes an answer with a wrong checksum, which the SDK does not check", async () => {
    const treatment = {
      ...{ status: 200, body: { Attributes: { status: { S: "PENDING" } } } },
      headers: { "x-amz-crc32": "1" },
    };
    const { ofBundle, ofSdk } = await observeBoth([
      { tenantId: "acme", service: "DynamoDB", treatment, lasts: "always" },
    ]);
    expect(ofBundle.get("acme")).to.deep.equal(ofSdk.get("acme"));
    expect(ofBundle.get("acme")).to.have.nested.property("outcome.answer.previousStatus", "PENDING");
  });

  const observeBoth = async (
    cases: readonly Case[],
  ): Promise<{ ofBundle: Map<string, Observed>; ofSdk: Map<string, Observed> }> => {
    const ofBundle = new Map<string, Observed>();
    const ofSdk = new Map<string, Observed>();
    for (const some of sharesOf(cases)) {
      const [byBundle, bySdk] = await Promise.all([observe(bundle, some), observe(unbundled, some)]);
      for (const [tenantId, what] of byBundle) ofBundle.set(tenantId, what);
      for (const [tenantId, what] of bySdk) ofSdk.set(tenantId, what);
    }
    return { ofBundle, ofSdk };
  };
});
