import { compile } from "json-schema-to-typescript";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { REPOSITORY } from "./handler-bundle.ts";

/** The schemas of which the sources use the type, by the file that is generated from each. */
export const SCHEMA_TYPES: ReadonlyMap<string, { readonly schema: string; readonly type: string }> = new Map([
  ["handler/ecs-event-message.ts", { schema: "handler/ecs-event.schema.json", type: "EcsEventMessage" }],
  [
    "handler/tenant-row-attributes.ts",
    { schema: "handler/tenant-row.schema.json", type: "TenantRowAttributes" },
  ],
  ["handler/transition-data.ts", { schema: "handler/transitions.schema.json", type: "TransitionData" }],
  ["envs/environment-file.ts", { schema: "envs/environment.schema.json", type: "EnvironmentFile" }],
  [
    "reconciler/run-request-message.ts",
    { schema: "reconciler/run-request.schema.json", type: "RunRequestMessage" },
  ],
  ["local/tenants-file.ts", { schema: "local/tenants.schema.json", type: "TenantsFile" }],
]);

/** The TypeScript of a schema, formatted as the repository's sources are. */
export const renderSchemaType = async (schema: string, type: string): Promise<string> => {
  const content = JSON.parse(readFileSync(join(REPOSITORY, schema), "utf8"), withUnknown) as object;
  const source = await compile({ ...content, title: type }, type, {
    bannerComment: `/** Generated from ${schema} by npm run types; do not edit. */`,
    format: false,
    // A tuple of one and more would forbid what map and filter return.
    ignoreMinAndMaxItems: true,
    additionalProperties: false,
  });
  const path = join(REPOSITORY, "package.json");
  return format(source, { ...(await resolveConfig(path)), parser: "typescript" });
};

/** What has a limit as a string but no type may be anything; the generator would take it for an object. */
const withUnknown = (_key: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && "maxLength" in value && !("type" in value)
    ? { ...value, tsType: "unknown" }
    : value;
