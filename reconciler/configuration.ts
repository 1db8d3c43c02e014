import { type Configuration, readConfiguration } from "../handler/configuration.ts";
import { ConfigurationError } from "../handler/errors.ts";
import type { FuseRating } from "../reconcile/fuse.ts";

/** What the reconciler is told by its environment variables: what the handler is told, and a little more. */
export interface ReconcilerConfiguration extends Configuration {
  /** `SERVICES_TABLE`: the directory's table, which also holds the lease. */
  readonly servicesTable: string;
  /** `HANDLER_ALIAS_ARN`: the handler's alias, which repairs are sent to. */
  readonly handlerAliasArn: string;
  /** `REPAIR`: whether rows that differ are repaired, or only counted. */
  readonly repair: boolean;
  /** `FUSE_TENANTS` and `FUSE_PERCENT`: what one run may change. */
  readonly fuse: FuseRating;
  /** Of the cluster. */
  readonly accountId: string;
  readonly region: string;
  /** What the ARNs of the cluster's services begin with. */
  readonly serviceArnPrefix: string;
}

/**
 * Reads the configuration from environment variables.
 * @throws {ConfigurationError} naming every variable that is missing or wrong, and what it should be.
 */
export const readReconcilerConfiguration = (
  env: Readonly<Record<string, string | undefined>>,
): ReconcilerConfiguration => {
  const problems: string[] = [];
  const shared = problemsOf(() => readConfiguration(env), problems);

  const required = (name: string, isRight: (value: string) => boolean, expected: string): string => {
    const value = env[name] ?? "";
    if (value === "") problems.push(`${name} is not set: it must be ${expected}`);
    else if (!isRight(value)) problems.push(`${name} is ${JSON.stringify(value)}: it must be ${expected}`);
    return value;
  };
  // A name that is set and wrong, the shared part has complained of.
  const servicesTable = required("SERVICES_TABLE", () => true, "the name of the directory's table");
  const handlerAliasArn = required(
    "HANDLER_ALIAS_ARN",
    (value) => ALIAS_ARN.test(value),
    "the ARN of the handler's alias, such as arn:aws:lambda:af-south-1:123456789012:function:bbws-ecs-event-handler-dev:latest-dev",
  );
  const repair = required("REPAIR", (value) => value === "true" || value === "false", "true or false");
  const tenants = required("FUSE_TENANTS", isCount, "a whole number of tenants, such as 10");
  const percent = required(
    "FUSE_PERCENT",
    (value) => isCount(value) && Number(value) <= 100,
    "a whole percentage, such as 20",
  );

  if (shared === undefined || problems.length > 0) throw new ConfigurationError(problems);
  const [, partition, region = "", accountId = "", cluster = ""] = CLUSTER_ARN.exec(shared.clusterArn) ?? [];
  return {
    ...shared,
    servicesTable,
    handlerAliasArn,
    repair: repair === "true",
    fuse: { tenants: Number(tenants), percent: Number(percent) },
    accountId,
    region,
    serviceArnPrefix: `arn:${partition ?? ""}:ecs:${region}:${accountId}:service/${cluster}/`,
  };
};

const ALIAS_ARN =
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{1,128}$/;
const CLUSTER_ARN = /^arn:([^:]+):ecs:([^:]+):(\d+):cluster\/(.+)$/;

const isCount = (value: string): boolean => /^\d{1,6}$/.test(value);

const problemsOf = <T>(read: () => T, problems: string[]): T | undefined => {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
};
