import { _, Ajv, type AnySchemaObject, type Options } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { ajvOptions, schemas as handlerSchemas } from "../handler/schemas.ts";
import { reconcilerSchemas } from "../reconciler/schemas.ts";

/**
 * The source of handler/validators.ts with the schemas compiled at build time: compiling them in the function would
 * more than double its cold start. Exports the same names.
 */
export const standaloneValidators = (): string => {
  const code = compile(
    handlerSchemas,
    { validateEcsEvent: "ecsEvent", validateTenantRow: "tenantRow" },
    { ...ajvOptions, code: { source: true, esm: true, formats: _`formats` } },
  );
  return `import { formats } from "./formats.ts";\n${code}`;
};

/** The source of reconciler/validators.ts, likewise. */
export const standaloneReconcilerValidators = (): string =>
  compile(
    reconcilerSchemas,
    { validateRunRequest: "runRequest" },
    { allErrors: true, code: { source: true, esm: true } },
  );

type Schemas = Readonly<Record<string, AnySchemaObject>>;

const compile = (schemas: Schemas, names: Record<string, string>, options: Options): string =>
  standaloneCode(new Ajv({ ...options, schemas: withoutAnnotations(schemas) }), names);

/** The compiled code carries its schemas; what they say to people stays behind. */
const withoutAnnotations = (annotated: Schemas): Record<string, AnySchemaObject> =>
  JSON.parse(JSON.stringify(annotated), (key, value: unknown) =>
    // Text alone: a property that happens to be named so has a schema for a value.
    (key === "title" || key === "description") && typeof value === "string" ? undefined : value,
  ) as Record<string, AnySchemaObject>;
