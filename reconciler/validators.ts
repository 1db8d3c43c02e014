import { Ajv, type ValidateFunction } from "ajv";
import { schemas } from "./schemas.ts";

export const validateRunRequest: ValidateFunction = new Ajv({ allErrors: true }).compile(schemas.runRequest);
