import runRequestSchema from "./run-request.schema.json" with { type: "json" };

/** The reconcilerSchemas that the reconciler validates with besides the handler's, by name. */
export const reconcilerSchemas = { runRequest: runRequestSchema };
