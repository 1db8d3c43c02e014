import { Ajv, type ErrorObject } from "ajv";
import type { Environment } from "./environment.ts";
import schema from "./environment.schema.json" with { type: "json" };

/** The schema is our own, so a test holds it to the rules for schemas; every command would take longer to begin for it. */
const SCHEMA_IS_TESTED = { meta: false, validateSchema: false, code: { optimize: false } };

const validate = new Ajv({ allErrors: true, verbose: true, ...SCHEMA_IS_TESTED }).compile<Environment>(
  schema,
);

export const isEnvironment = (content: unknown): content is Environment => validate(content);

/**
 * Says where an environment's file is wrong and what is allowed there; nothing when it is right.
 * @param name the file's name.
 * @param known the names of all environments.
 */
export const findProblems = (content: unknown, name: string, known: readonly string[]): string[] =>
  validate(content) ? findContradictions(content, name, known) : (validate.errors ?? []).map(describe);

/** What a schema cannot say. */
const findContradictions = (
  { environment, region, tenants, maintenanceWindows, promotion, security }: Environment,
  name: string,
  known: readonly string[],
): string[] => {
  const problems: string[] = [];
  if (environment !== name)
    problems.push(`/environment is ${quote(environment)}: must be the file's name, ${quote(name)}`);
  if (!Object.values(tenants.key).some((value) => value.includes("{tenantId}")))
    problems.push(`/tenants/key is ${quote(tenants.key)}: must have {tenantId} in one of its values`);
  maintenanceWindows.forEach(({ from, to }, index) => {
    if (to <= from)
      problems.push(`/maintenanceWindows/${index}/to is ${quote(to)}: must be later than ${quote(from)}`);
  });
  const sources = known.filter((other) => other !== name);
  if (promotion !== undefined && !sources.includes(promotion.from))
    problems.push(
      `/promotion/from is ${quote(promotion.from)}: must be another environment: ${sources.join(", ")}`,
    );
  const keys = Object.entries(security?.kmsKeys ?? {}).map(([use, arn]) => ({
    path: `/security/kmsKeys/${use}`,
    arn,
  }));
  if (tenants.kmsKeyArn !== undefined) keys.push({ path: "/tenants/kmsKeyArn", arn: tenants.kmsKeyArn });
  for (const { path, arn } of keys)
    if (arn.split(":")[3] !== region)
      problems.push(`${path} is ${quote(arn)}: must be a key of the region ${quote(region)}`);
  return problems;
};

const describe = ({
  instancePath,
  keyword,
  params,
  data,
  message = "is not valid",
  parentSchema,
}: ErrorObject): string => {
  const path = instancePath || "/";
  switch (keyword) {
    case "additionalProperties":
      return `${path} has an unknown property ${quote(params["additionalProperty"])}: allowed are ${Object.keys(propertiesOf(parentSchema)).join(", ")}`;
    case "required":
      return `${path} lacks ${quote(params["missingProperty"])}`;
    case "enum":
      return `${path} is ${quote(data)}: must be one of ${quote(params["allowedValues"])}`;
    default:
      return `${path} is ${quote(data)}: ${message}${descriptionOf(parentSchema)}`;
  }
};

const propertiesOf = (parentSchema: ErrorObject["parentSchema"]): object => {
  const properties: unknown = parentSchema?.["properties"];
  return typeof properties === "object" && properties !== null ? properties : {};
};

const descriptionOf = (parentSchema: ErrorObject["parentSchema"]): string => {
  const description: unknown = parentSchema?.["description"];
  return typeof description === "string" ? ` (${description})` : "";
};

const quote = (value: unknown): string => JSON.stringify(value);
