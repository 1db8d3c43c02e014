import runRequestSchema from "./run-request.schema.json" with { type: "json" };

/** The schemas that the reconciler validates with besides the handler's, by name. */
export const schemas = { runRequest: runRequestSchema };
