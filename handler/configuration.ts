import { ConfigurationError } from "./errors.ts";
import { OWN_ATTRIBUTES } from "./row-attributes.ts";

/** What the function is told by its environment variables. */
export interface Configuration {
  /** `ENVIRONMENT`: only services tagged with it are this function's. */
  readonly environment: string;
  /** `TENANTS_TABLE`: the table's name. */
  readonly tenantsTable: string;
  /** `SERVICES_TABLE`: the name of the directory's table. Undefined: each container asks ECS for itself. */
  readonly servicesTable: string | undefined;
  /** `CLUSTER_ARN`: the ECS cluster whose services are tenants. */
  readonly clusterArn: string;
  /** `TENANT_KEY`: the primary key of a tenant's row, `{tenantId}` standing for the tenant's id. */
  readonly tenantKey: Readonly<Record<string, string>>;
  /** `STATUS_ATTRIBUTE`: the attribute that holds the tenant's status. */
  readonly statusAttribute: string;
  /** `LOG_LEVEL`: quieter levels drop their lines, and the metrics in them. */
  readonly logLevel: LogLevel;
}

const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const TABLE_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

/**
 * Reads the configuration from environment variables.
 * @throws {ConfigurationError} naming every variable that is missing or wrong, and what it should be.
 */
export const readConfiguration = (env: Readonly<Record<string, string | undefined>>): Configuration => {
  const problems: string[] = [];

  const required = (name: string, form: RegExp, expected: string): string => {
    const value = env[name] ?? "";
    if (value === "") problems.push(`${name} is not set: it must be ${expected}`);
    else if (!form.test(value)) problems.push(`${name} is ${quote(value)}: it must be ${expected}`);
    return value;
  };

  const environment = required(
    "ENVIRONMENT",
    /^[a-z][a-z0-9-]{0,31}$/,
    "an environment's name in lower case, such as dev",
  );
  const tenantsTable = required(
    "TENANTS_TABLE",
    TABLE_NAME,
    "the name of a DynamoDB table, such as bbws-tenants-dev",
  );
  const servicesTable = env["SERVICES_TABLE"];
  // Stryker disable next-line ConditionalExpression: what is not set passes for a name, "undefined", and is no table's
  if (servicesTable !== undefined && (!TABLE_NAME.test(servicesTable) || servicesTable === tenantsTable)) {
    problems.push(
      `SERVICES_TABLE is ${quote(servicesTable)}: it must be the name of a DynamoDB table of its own, such as ` +
        `bbws-ecs-event-handler-services-dev, or not be set`,
    );
  }
  const clusterArn = required(
    "CLUSTER_ARN",
    /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9_-]{1,255}$/,
    "the ARN of an ECS cluster, such as arn:aws:ecs:af-south-1:123456789012:cluster/bbws-cluster-dev",
  );

  const tenantKeyText = env["TENANT_KEY"] ?? '{"tenant_id":"{tenantId}"}';
  const tenantKey = parseTenantKey(tenantKeyText);
  if (tenantKey === undefined) {
    problems.push(
      `TENANT_KEY is ${quote(tenantKeyText)}: it must be a JSON object of one or two key attributes, at least ` +
        `one with {tenantId} in its value, such as {"PK":"TENANT#{tenantId}","SK":"INSTANCE"}`,
    );
  }

  const statusAttribute = env["STATUS_ATTRIBUTE"] ?? "status";
  if (
    statusAttribute === "" ||
    OWN_ATTRIBUTES.has(statusAttribute) ||
    Object.hasOwn(tenantKey ?? {}, statusAttribute)
  ) {
    problems.push(
      `STATUS_ATTRIBUTE is ${quote(statusAttribute)}: it must be an attribute of its own, neither part of the ` +
        `key nor one of ${[...OWN_ATTRIBUTES].join(", ")}`,
    );
  }

  const logLevelText = env["LOG_LEVEL"] ?? "info";
  const logLevel = LOG_LEVELS.find((level) => level === logLevelText.toLowerCase());
  if (logLevel === undefined) {
    problems.push(`LOG_LEVEL is ${quote(logLevelText)}: it must be one of ${LOG_LEVELS.join(", ")}`);
  }

  // Stryker disable next-line ConditionalExpression: the last two are for the compiler, each has its problem already
  if (problems.length > 0 || tenantKey === undefined || logLevel === undefined)
    throw new ConfigurationError(problems);
  return { environment, tenantsTable, servicesTable, clusterArn, tenantKey, statusAttribute, logLevel };
};

const parseTenantKey = (text: string): Record<string, string> | undefined => {
  let key: unknown;
  try {
    key = JSON.parse(text);
  } catch {
    // What is no JSON stays undefined, which is no object, and is refused below.
  }
  if (!(key instanceof Object) || Array.isArray(key)) return undefined;
  const attributes = Object.entries(key).filter(
    (entry): entry is [string, string] => entry[0] !== "" && typeof entry[1] === "string" && entry[1] !== "",
  );
  const isKey =
    attributes.length === Object.keys(key).length &&
    (attributes.length === 1 || attributes.length === 2) &&
    attributes.some(([, template]) => template.includes("{tenantId}")) &&
    !attributes.some(([name]) => OWN_ATTRIBUTES.has(name));
  return isKey ? Object.fromEntries(attributes) : undefined;
};

const quote = (value: string): string => JSON.stringify(value);
