import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { costs, servicesWithinTagLimit } from "../../docs/generate/costs.ts";
import { renderDocument } from "../../docs/generate/render-document.ts";
import { generatedSections } from "../../docs/generate/sections.ts";
import { stateDiagram } from "../../docs/generate/state-diagram.ts";
import { readWorkflows, workflowTable } from "../../docs/generate/workflow-table.ts";
import { transcripts } from "../../docs/generate/transcripts.ts";
import { createTransitionTable, transitions as data } from "../../handler/transition-table.ts";

const read = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)), "utf8");

describe("the generated sections of the documents", () => {
  for (const [name, sections] of Object.entries(generatedSections())) {
    it(`are fresh in docs/${name}; else run npm run docs`, async () => {
      expect(await renderDocument(read(name), sections)).to.equal(read(name));
    });
  }

  it("are stale in every document that speaks of statuses as soon as a status changes in the table", async () => {
    const changed = {
      ...data,
      events: data.events.map((event) =>
        event.name === "SERVICE_STEADY_STATE" ? { ...event, status: "STEADY" } : event,
      ),
    };
    const sectionsOf = generatedSections(changed);
    for (const name of ["architecture.md", "runbook.md"])
      expect(await renderDocument(read(name), sectionsOf[name] ?? {}), name).not.to.equal(read(name));
  });

  it("are stale as soon as a workflow takes another lock, or can be started by something else", () => {
    const texts = readWorkflows();
    const rollback = texts["rollback.yml"] ?? "";
    for (const changed of [
      rollback.replace("group: environment-", "group: other-"),
      rollback.replace("on:\n", "on:\n  push:\n"),
      rollback.replace("-approval\n", "\n"),
    ]) {
      expect(changed).not.to.equal(rollback);
      expect(workflowTable({ ...texts, "rollback.yml": changed })).not.to.equal(workflowTable(texts));
    }
    expect(() => workflowTable({ "a.yml": "name: A\non: { issues: }\njobs: {}" })).to.throw("no words");
  });

  it("need their place in the document", async () => {
    const complaint = await renderDocument("# A document\n", { costs: "x" }).then(String, String);
    expect(complaint).to.include("no place for costs");
  });
});

describe("transcripts", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "transcripts-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("are linked in the order of their names, each under its command", () => {
    writeFileSync(join(folder, "2-rollback.txt"), "$ npm run ops -- rollback dev\npass\n");
    writeFileSync(join(folder, "1-verify.txt"), "$ npm run ops -- verify dev\npass  a | b\n");
    writeFileSync(join(folder, "notes.md"), "no record");
    expect(transcripts(folder)).to.equal(
      "- [`ops verify dev`](transcripts/1-verify.txt)\n" +
        "- [`ops rollback dev`](transcripts/2-rollback.txt)",
    );
  });

  it("are said to be missing when there are none", () => {
    expect(transcripts(folder)).to.include("No rehearsal");
    expect(transcripts(join(folder, "missing"))).to.include("No rehearsal");
  });
});

describe("stateDiagram", () => {
  it("draws an arrow for each event that leads from one status to another, and none for one that is kept", () => {
    const diagram = stateDiagram(
      createTransitionTable({
        protected: ["HELD"],
        events: [
          { name: "START", status: "ON", from: [], neverFrom: [] },
          { name: "STOP", status: "OFF", from: [], neverFrom: [] },
          { name: "END", status: "GONE", from: [], neverFrom: ["GONE"], overridesProtected: true },
          { name: "BLINK", status: "ON", from: [], neverFrom: ["GONE"] },
        ],
      }),
    );
    expect(diagram.split("\n")).to.deep.equal([
      "```mermaid",
      "stateDiagram-v2",
      "  direction LR",
      '  state "any other status, or none:<br>ON<br>OFF" as group1',
      "  group1 --> ON : START<br>BLINK",
      "  group1 --> OFF : STOP",
      "  group1 --> GONE : END",
      "  GONE --> ON : START",
      "  GONE --> OFF : STOP",
      "  HELD --> GONE : END",
      "```",
    ]);
  });
});

describe("costs", () => {
  it("are those worked through in the document for 10,000 services", () => {
    const { events, lambdaUsd, dynamoDbUsd, logsUsd, reconcilerUsd } = costs(10_000);
    expect(events).to.equal(3_000_000);
    expect(lambdaUsd.toFixed(2)).to.equal("2.10");
    expect(dynamoDbUsd.toFixed(2)).to.equal("2.81");
    expect(logsUsd.toFixed(2)).to.equal("1.50");
    expect(reconcilerUsd.toFixed(2)).to.equal("9.52");
    expect(read("cost.md")).to.include("7.80 = 9.52");
    expect(read("cost.md")).to.include("0.60 + 1.50 = 2.10").and.include("= 2.81").and.include("0.50 = 1.50");
  });

  it("come to the document's limit of ECS on look-ups of tags", () => {
    expect(servicesWithinTagLimit(20)).to.equal(576_000);
    expect(read("cost.md")).to.include("576,000 services");
  });
});
