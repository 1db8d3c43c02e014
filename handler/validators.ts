import { Ajv, type ValidateFunction } from "ajv";
import { ajvOptions, schemas } from "./schemas.ts";

const ajv = new Ajv(ajvOptions);

export const validateEcsEvent: ValidateFunction = ajv.compile(schemas.ecsEvent);
export const validateTenantRow: ValidateFunction = ajv.compile(schemas.tenantRow);
