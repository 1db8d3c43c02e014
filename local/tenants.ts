import { Ajv, type ErrorObject } from "ajv";
import { parseServiceArn } from "./arns.ts";
import { UsageError } from "./errors.ts";
import type { TenantsFile } from "./tenants-file.ts";
import schema from "./tenants.schema.json" with { type: "json" };

/** A tenant of the run: its row before the first event, and what its service is tagged with, by default with the function's environment. */
export type Tenant = Readonly<TenantsFile[number]>;

/**
 * Reads the content of a --tenants file.
 * @throws {UsageError} naming the first element that is wrong, and how.
 */
export const parseTenants = (text: string, file: string): readonly Tenant[] => {
  const tenants = parseJson(text.replace(/^\uFEFF/, ""), file);
  // Only here: most runs have no such file, and would take longer to begin for it.
  const validate = new Ajv().compile<readonly Tenant[]>(schema);
  if (!validate(tenants)) {
    const [violation] = validate.errors ?? [];
    throw new UsageError(`${file}: ${violation === undefined ? "not tenants" : describe(violation)}`);
  }
  for (const key of ["tenant_id", "service_arn"] as const) {
    const seen = new Map<string, number>();
    for (const [index, { [key]: value }] of tenants.entries()) {
      const earlier = value === undefined ? undefined : seen.get(value);
      if (earlier !== undefined) {
        throw new UsageError(
          `${file}: element ${index + 1} has the ${key} ${JSON.stringify(value)}, which element ${earlier} has already`,
        );
      }
      if (value !== undefined) seen.set(value, index + 1);
    }
  }
  return tenants;
};

/**
 * The tenant of a service that nobody has described.
 * @param tenantId where it is known; else, or where it can be no key, it is told by the service's name.
 * @returns undefined where that can be none, either.
 */
export const tenantOfService = (serviceArn: string, tenantId?: string): Tenant | undefined => {
  const serviceName = parseServiceArn(serviceArn)?.serviceName;
  if (serviceName === undefined) return undefined;
  const named = [tenantId, /^tenant-(.+)-wordpress$/.exec(serviceName)?.[1], serviceName].find(isKey);
  return named === undefined ? undefined : { tenant_id: named, service_arn: serviceArn };
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const MOST_KEY_BYTES = 2048;

const isKey = (text: string | undefined): text is string =>
  text !== undefined && text !== "" && Buffer.byteLength(text) <= MOST_KEY_BYTES;

const parseJson = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${file} is not JSON: ${error.message}`);
  }
};

const describe = ({ instancePath, keyword, params, message = "is not valid" }: ErrorObject): string => {
  const [, index, property] = instancePath.split("/");
  const subject =
    index === undefined
      ? "it"
      : `element ${Number(index) + 1}${property === undefined ? "" : `: ${property}`}`;
  switch (keyword) {
    case "additionalProperties":
      return `${subject} has an unknown property ${JSON.stringify(params["additionalProperty"])}`;
    case "required":
      return `${subject} has no ${String(params["missingProperty"])}`;
    case "pattern":
      return `${subject} must ${property === "service_arn" ? "be the ARN of an ECS service" : "not be blank"}`;
    case "minLength":
      return `${subject} must not be empty`;
    case "type":
      return `${subject} must be ${NOUNS.get(String(params["type"])) ?? "another type"}`;
    default:
      return `${subject} ${message}`;
  }
};

const NOUNS: ReadonlyMap<string, string> = new Map([
  ["array", "a JSON array"],
  ["object", "a JSON object"],
  ["string", "a string"],
]);
