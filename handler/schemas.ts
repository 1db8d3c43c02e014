import type { Options } from "ajv";
import ecsEventSchema from "./ecs-event.schema.json" with { type: "json" };
import { formats } from "./formats.ts";
import tenantRowSchema from "./tenant-row.schema.json" with { type: "json" };

/** The schemas that the handler validates with, by name. */
export const schemas = { ecsEvent: ecsEventSchema, tenantRow: tenantRowSchema };

/** How ajv reads them. Not strict about types: a tag's value may be anything, yet when a string it has a limit. */
export const ajvOptions: Options = {
  allErrors: true,
  strictTypes: false,
  inlineRefs: false,
  loopRequired: 1,
  formats,
};
