import { Ajv, type ValidateFunction } from "ajv";
import { ajvOptions, schemas } from "./schemas.ts";

/** The build holds the schemas to the rules for schemas; every program that reads an event would take longer to begin for it. */
const ajv = new Ajv({ ...ajvOptions, meta: false, validateSchema: false });

export const validateEcsEvent: ValidateFunction = ajv.compile(schemas.ecsEvent);
export const validateTenantRow: ValidateFunction = ajv.compile(schemas.tenantRow);
