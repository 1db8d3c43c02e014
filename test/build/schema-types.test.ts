import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { REPOSITORY } from "../../build/handler-bundle.ts";
import { renderSchemaType, SCHEMA_TYPES } from "../../build/schema-types.ts";

describe("the types of the JSON Schemas", () => {
  for (const [file, { schema, type }] of SCHEMA_TYPES) {
    it(`are fresh in ${file}; else run npm run types`, async () => {
      expect(await renderSchemaType(schema, type)).to.equal(readFileSync(join(REPOSITORY, file), "utf8"));
    });
  }

  it("change with the schema", async () => {
    const folder = mkdtempSync(join(tmpdir(), "schema-types-"));
    try {
      const path = join(folder, "tenants.schema.json");
      const content = readFileSync(join(REPOSITORY, "local/tenants.schema.json"), "utf8");
      writeFileSync(path, content.replaceAll("service_arn", "service_name"));
      const rendered = await renderSchemaType(relative(REPOSITORY, path), "TenantsFile");
      expect(rendered).to.include("service_name?: string").and.not.include("service_arn");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
