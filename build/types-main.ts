import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { createCommandLine } from "../checklist/command-line.ts";
import { REPOSITORY } from "./handler-bundle.ts";
import { renderSchemaType, SCHEMA_TYPES } from "./schema-types.ts";

/** `npm run types`: writes the types of the JSON Schemas. */
tolerateClosedOutput();
createCommandLine("types", "Writes the types of the JSON Schemas.").parse();
for (const [file, { schema, type }] of SCHEMA_TYPES)
  writeFileSync(join(REPOSITORY, file), await renderSchemaType(schema, type));
