import { Ajv, type ValidateFunction } from "ajv";
import { reconcilerSchemas } from "./schemas.ts";

export const validateRunRequest: ValidateFunction = new Ajv({ allErrors: true }).compile(
  reconcilerSchemas.runRequest,
);
