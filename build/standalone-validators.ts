import { _, Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { ajvOptions, schemas } from "../handler/schemas.ts";

/**
 * The source of handler/validators.ts with the schemas compiled at build time: compiling them in the function would
 * more than double its cold start. Exports the same names.
 */
export const standaloneValidators = (): string => {
  const ajv = new Ajv({
    ...ajvOptions,
    schemas: withoutAnnotations(schemas),
    code: { source: true, esm: true, formats: _`formats` },
  });
  const code = standaloneCode(ajv, { validateEcsEvent: "ecsEvent", validateTenantRow: "tenantRow" });
  return `import { formats } from "./formats.ts";\n${code}`;
};

/** The compiled code carries its schemas; what they say to people stays behind. */
const withoutAnnotations = (annotated: typeof schemas): typeof schemas =>
  JSON.parse(JSON.stringify(annotated), (key, value: unknown) =>
    // Text alone: a property that happens to be named so has a schema for a value.
    (key === "title" || key === "description") && typeof value === "string" ? undefined : value,
  ) as typeof schemas;
