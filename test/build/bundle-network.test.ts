import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SecureVersion } from "node:tls";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { CLUSTER_ARN, serviceAction, tagsOf } from "../handler/events.ts";
import { builtFunction, PACKAGES, unbundledHandler } from "./built-function.ts";
import { type BundleResult, runBundle } from "./lambda.ts";
import { type Certificate, makeCertificate, startTlsServer, type TlsRequest } from "./tls-server.ts";

const PRELOAD = fileURLToPath(new URL("redirect-https.cjs", import.meta.url));

interface Case {
  readonly title: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What changes in the environment between the two events. */
  readonly later?: Readonly<Record<string, string>>;
  readonly maxVersion?: SecureVersion;
  /** The hosts that DynamoDB and ECS are asked at; none when no request gets through. */
  readonly hosts: readonly string[];
}

const region = (AWS_REGION: string): Readonly<Record<string, string>> => ({ AWS_REGION });
const HOSTS = ["ecs.us-east-1.amazonaws.com", "dynamodb.us-east-1.amazonaws.com"];
const NOTHING: readonly string[] = [];

const CASES: readonly Case[] = [
  { title: "no options", hosts: HOSTS },
  {
    title: "AWS_USE_FIPS_ENDPOINT",
    environment: { AWS_USE_FIPS_ENDPOINT: "true" },
    hosts: ["ecs-fips.us-east-1.amazonaws.com", "dynamodb-fips.us-east-1.amazonaws.com"],
  },
  {
    title: "AWS_USE_DUALSTACK_ENDPOINT",
    environment: { AWS_USE_DUALSTACK_ENDPOINT: "true" },
    hosts: ["ecs.us-east-1.api.aws", "dynamodb.us-east-1.api.aws"],
  },
  {
    title: "both of them",
    environment: { AWS_USE_FIPS_ENDPOINT: "true", AWS_USE_DUALSTACK_ENDPOINT: "true" },
    hosts: ["ecs-fips.us-east-1.api.aws", "dynamodb-fips.us-east-1.api.aws"],
  },
  {
    title: "a region of GovCloud with AWS_USE_FIPS_ENDPOINT",
    environment: { ...region("us-gov-west-1"), AWS_USE_FIPS_ENDPOINT: "true" },
    hosts: ["ecs-fips.us-gov-west-1.amazonaws.com", "dynamodb.us-gov-west-1.amazonaws.com"],
  },
  {
    title: "AWS_ACCOUNT_ID, which DynamoDB has hosts for",
    environment: { AWS_ACCOUNT_ID: "123456789012" },
    hosts: ["ecs.us-east-1.amazonaws.com", "123456789012.ddb.us-east-1.amazonaws.com"],
  },
  {
    title: "a proxy, which the SDK does not use",
    environment: { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9" },
    hosts: HOSTS,
  },
  {
    title: "credentials that have expired, and others later",
    environment: { AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z" },
    later: { AWS_ACCESS_KEY_ID: "AKIALATER" },
    hosts: HOSTS,
  },
  { title: "a server that speaks TLS 1.2 at most", maxVersion: "TLSv1.2", hosts: HOSTS },
  { title: "a server that speaks TLS 1.1 at most", maxVersion: "TLSv1.1", hosts: NOTHING },
  { title: "a certificate for other names", environment: region("eu-west-1"), hosts: NOTHING },
  {
    title: "a certificate that nobody vouches for",
    environment: { NODE_EXTRA_CA_CERTS: "" },
    hosts: NOTHING,
  },
];

/** OpenSSL's messages begin with the number of a thread. */
const withoutThread = (result: BundleResult): BundleResult =>
  "answer" in result
    ? result
    : { ...result, errorMessage: result.errorMessage.replace(/[0-9A-F]{12,16}:error/, "error") };

/** The bundle must reach AWS as the SDK does as npm installed it: at the same hosts, by the same TLS. */
describe("the built bundle, on the network", () => {
  let directory: string;
  let certificate: Certificate;
  let handlers: { readonly bundle: string; readonly unbundled: string };

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "bundle-network-"));
    certificate = await makeCertificate(directory, [
      ...["*.us-east-1.amazonaws.com", "*.us-east-1.api.aws", "*.us-gov-west-1.amazonaws.com"],
      "*.ddb.us-east-1.amazonaws.com",
    ]);
    handlers = {
      bundle: (await builtFunction()).bundlePath,
      unbundled: await unbundledHandler(),
    };
  });
  after(() => rm(directory, { recursive: true }));

  for (const given of CASES) {
    it(`does as the SDK does, given ${given.title}`, async () => {
      const [ofBundle, ofSdk] = await Promise.all([
        observe(handlers.bundle, given),
        observe(handlers.unbundled, given),
      ]);
      expect(ofBundle).to.deep.equal(ofSdk);
      expect(new Set(ofBundle.requests.map(({ host }) => host))).to.deep.equal(new Set(given.hosts));
      for (const { host, servername } of ofBundle.requests) expect(servername).to.equal(host);
      if (given.later !== undefined) {
        expect(ofBundle.requests.at(-1)?.signedFor).to.equal("AKIALATER/us-east-1/dynamodb");
      }
    });
  }

  const observe = async (
    handler: string,
    { environment = {}, later, maxVersion }: Case,
  ): Promise<{ requests: readonly TlsRequest[]; results: readonly BundleResult[] }> => {
    const server = await startTlsServer(
      certificate,
      (host) => (host.startsWith("ecs") ? { tags: tagsOf("acme") } : {}),
      maxVersion,
    );
    try {
      const { outcomes } = await runBundle(
        handler,
        {
          ENVIRONMENT: "dev",
          TENANTS_TABLE: "bbws-tenants-dev",
          CLUSTER_ARN,
          AWS_REGION: "us-east-1",
          AWS_ACCESS_KEY_ID: "AKIATEST",
          AWS_SECRET_ACCESS_KEY: "secret",
          NODE_EXTRA_CA_CERTS: certificate.path,
          NODE_PATH: PACKAGES,
          HTTPS_PORT: String(server.port),
          ...environment,
        },
        [1, 2].map((second) =>
          serviceAction("SERVICE_STEADY_STATE", { id: `e${second}`, time: `2026-03-01T10:00:0${second}Z` }),
        ),
        { preload: PRELOAD, environmentLater: later },
      );
      return { requests: server.requests, results: outcomes.map(withoutThread) };
    } finally {
      server.close();
    }
  };
});
