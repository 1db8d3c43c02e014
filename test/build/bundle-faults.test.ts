import { expect } from "chai";
import { lazy } from "../../checklist/lazy.ts";
import { awsError, type Treatment } from "./aws-stub.ts";
import { builtFunction, unbundledHandler } from "./built-function.ts";
import { type Fault, FAULTS } from "./faults.ts";
import { type Case, exceptionsOf, observe, type Observed, type Service, SERVICES } from "./observe-faults.ts";

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

/** @param id tells it from the other cases of the service. */
const caseOf = (service: Service, treatment: Treatment, lasts: Case["lasts"], id: string): Case => ({
  tenantId: `${service}-${id}`,
  ...{ service, treatment, lasts },
});

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

/** The handler as it is deployed must meet each fault as it does with the SDK as npm installed it. */
describe("the built bundle, when something fails", () => {
  const table = SERVICES.flatMap((service) =>
    FAULTS.flatMap((fault, index) =>
      (["once", "always"] as const).map((lasts) => ({
        fault,
        given: caseOf(service, fault.treatment, lasts, `${lasts}-${index}`),
      })),
    ),
  );
  const exceptions = SERVICES.flatMap((service) =>
    exceptionsOf(service).map((name) => caseOf(service, awsError(name), "always", name)),
  );
  const replicated = (["once", "always"] as const).map((lasts) =>
    caseOf("DynamoDB", awsError("ReplicatedWriteConflictException"), lasts, `replicated-${lasts}`),
  );
  const wrongChecksum = caseOf(
    "DynamoDB",
    {
      ...{ status: 200, body: { Attributes: { status: { S: "PENDING" } } } },
      headers: { "x-amz-crc32": "1" },
    },
    "always",
    "checksum",
  );
  const seen = lazy(() =>
    observeBoth([...table.map(({ given }) => given), ...exceptions, ...replicated, wrongChecksum]),
  );

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
      const { ofBundle, ofSdk } = await seen();
      const ids = exceptions.filter((given) => given.service === service).map(({ tenantId }) => tenantId);
      expect(ids).to.not.be.empty;
      for (const id of ids) {
        expect(ofBundle.get(id), id).to.have.property("outcome").that.is.an("object");
        expect(ofBundle.get(id), id).to.deep.equal(ofSdk.get(id));
      }
    }).timeout(SEEN_BY_THE_FIRST_MS);
  }

  it("tries again after ReplicatedWriteConflictException, which the SDK knows by its class alone", async () => {
    const { ofBundle } = await seen();
    const [once, always] = replicated.map(({ tenantId }) => ofBundle.get(tenantId));
    expect(once).to.have.nested.property("outcome.answer.status", "success");
    expect(always?.operations).to.have.length(4);
  }).timeout(SEEN_BY_THE_FIRST_MS);

  it("takes an answer with a wrong checksum, which the SDK does not check", async () => {
    const { ofBundle, ofSdk } = await seen();
    const observed = ofBundle.get(wrongChecksum.tenantId);
    expect(observed).to.deep.equal(ofSdk.get(wrongChecksum.tenantId));
    expect(observed).to.have.nested.property("outcome.answer.previousStatus", "PENDING");
  }).timeout(SEEN_BY_THE_FIRST_MS);
});

interface Seen {
  readonly ofBundle: ReadonlyMap<string, Observed>;
  readonly ofSdk: ReadonlyMap<string, Observed>;
}

const observeBoth = async (cases: readonly Case[]): Promise<Seen> => {
  const [{ bundlePath: bundle }, unbundled] = await Promise.all([builtFunction(), unbundledHandler()]);
  const ofBundle = new Map<string, Observed>();
  const ofSdk = new Map<string, Observed>();
  // Not at once: a machine that is too busy lets requests time out that should not.
  for (const share of sharesOf(cases)) {
    const [byBundle, bySdk] = await Promise.all([observe(bundle, share), observe(unbundled, share)]);
    for (const [tenantId, what] of byBundle) ofBundle.set(tenantId, what);
    for (const [tenantId, what] of bySdk) ofSdk.set(tenantId, what);
  }
  return { ofBundle, ofSdk };
};
