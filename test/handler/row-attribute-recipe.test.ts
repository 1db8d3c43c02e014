import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import type { createTenantStore as CreateTenantStore } from "../../handler/tenant-store.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import tsconfig from "../../tsconfig.json" with { type: "json" };
import { readDocument, repository } from "../docs/documents.ts";
import { createTestTable, type TestTable } from "./dynamodb.ts";

/** CONTRIBUTING, Add an attribute to the row: a newcomer does it, in a copy. */
describe("a newcomer who adds an attribute to the row", function () {
  this.timeout(120_000);
  let copy: string;
  let table: TestTable;

  before(async () => {
    copy = mkdtempSync(join(tmpdir(), "attribute-"));
    cpSync(join(repository, "handler"), join(copy, "handler"), { recursive: true });
    cpSync(join(repository, "package.json"), join(copy, "package.json"));
    symlinkSync(join(repository, "node_modules"), join(copy, "node_modules"));
    table = await createTestTable();
  });
  after(async () => {
    rmSync(copy, { recursive: true });
    await table.close();
  });

  const edit = (file: string, before: string, after: string): void => {
    const path = join(copy, "handler", file);
    const text = readFileSync(path, "utf8");
    expect(text).to.include(before);
    writeFileSync(path, text.replace(before, after));
  };

  const { options } = ts.convertCompilerOptionsFromJson(tsconfig.compilerOptions, repository);
  const host = ts.createCompilerHost(options);
  const readSource = host.getSourceFile.bind(host);
  /** Of packages and of the language: to read them again takes longest. */
  const unedited = new Map<string, ts.SourceFile | undefined>();
  host.getSourceFile = (file, ...how) => {
    if (isOfCopy(file)) return readSource(file, ...how);
    if (!unedited.has(file)) unedited.set(file, readSource(file, ...how));
    return unedited.get(file);
  };
  const isOfCopy = (file: string): boolean => file.startsWith(join(copy, "handler"));

  const complaints = (): string[] => {
    const program = ts.createProgram(
      [join(copy, "handler/row-change.ts")],
      { ...options, incremental: false },
      host,
    );
    return program
      .getSourceFiles()
      .filter(({ fileName }) => isOfCopy(fileName))
      .flatMap((file) => ts.getPreEmitDiagnostics(program, file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  };

  it("finds the way in CONTRIBUTING", () => {
    const [, chapter = ""] =
      /^## Add an attribute to the row\n([^]*?)^## /m.exec(readDocument("CONTRIBUTING.md")) ?? [];
    for (const file of [
      "handler/row-attributes.ts",
      "handler/row-change.ts",
      "test/handler/tenant-store.test.ts",
    ])
      expect(chapter).to.include(file);
  });

  it("names it, is told where to say what becomes of it, and then has both paths write it", async () => {
    expect(complaints()).to.deep.equal([]);
    edit(
      "row-attributes.ts",
      "export const ATTRIBUTES = {",
      'export const ATTRIBUTES = {\n  lastRule: "last_rule",',
    );
    expect(complaints().join()).to.include("last_rule");
    edit(
      "row-change.ts",
      "[ATTRIBUTES.updatedAt]:",
      "[ATTRIBUTES.lastRule]: set(state.lastEvent.name),\n    [ATTRIBUTES.updatedAt]:",
    );
    expect(complaints()).to.deep.equal([]);

    const { createTenantStore } = createRequire(import.meta.url)(join(copy, "handler/tenant-store.ts")) as {
      createTenantStore: typeof CreateTenantStore;
    };
    const store = createTenantStore({
      dynamoDb: table.client,
      configuration: {
        tenantsTable: table.name,
        tenantKey: { tenant_id: "{tenantId}" },
        statusAttribute: "status",
      },
      table: transitionTable,
      now: () => new Date("2026-03-01T10:00:00Z"),
      wait: () => Promise.resolve(),
    });
    await table.put({ tenant_id: "acme" });
    const written: unknown[] = [];
    // The first event takes the merge path, the next one the fast path.
    for (const [second, name] of ["DEPLOYMENT_IN_PROGRESS", "SERVICE_STEADY_STATE"].entries()) {
      const rule = transitionTable.rule(name);
      if (rule === undefined) throw new Error(name);
      const occurrence = { name, at: `2026-03-01T10:00:0${second}Z`, id: name, deploymentId: undefined };
      await store.record("acme", { rule, occurrence, serviceArn: undefined }, AbortSignal.timeout(20_000));
      written.push((await table.get({ tenant_id: "acme" }))?.["last_rule"]);
    }
    expect(written).to.deep.equal(["DEPLOYMENT_IN_PROGRESS", "SERVICE_STEADY_STATE"]);
  });
});
