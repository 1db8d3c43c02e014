import { expect } from "chai";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { ObstacleError } from "../../../checklist/errors.ts";
import { retainedIn, retaining } from "../../../ops/takeover/retained-template.ts";

const SAM = readFileSync(new URL("templates/sam.template", import.meta.url), "utf8");
const TAKEN_OVER = { TakenOver: "by the Terraform stack of the ECS tenant event handler" };
const ATTRIBUTES = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain", Metadata: TAKEN_OVER };

describe("a template that leaves behind what is taken over", () => {
  it("is the YAML that it was, with its short forms and comments, and a few lines more", () => {
    const changed = retaining(SAM, ["EventHandler", "Logs"]);
    const added = [
      '      "TakenOver": "by the Terraform stack of the ECS tenant event handler"\n',
      '    "DeletionPolicy": "Retain"\n    "UpdateReplacePolicy": "Retain"\n',
      '"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", ' +
        '"Metadata": {"TakenOver":"by the Terraform stack of the ECS tenant event handler"}, ',
    ];
    for (const text of added) expect(changed.split(text), text).to.have.length(2);
    expect(added.reduce((rest, text) => rest.replace(text, ""), changed)).to.equal(SAM);
    expect([...retainedIn(changed)]).to.deep.equal(["EventHandler", "Logs"]);
  });

  it("has no other policy than that, and keeps the comment beside it", () => {
    const changed = retaining(SAM, ["EventsDlq"]);
    expect(changed).to.include('    "DeletionPolicy": "Retain"   # as the default\n');
    expect([...retainedIn(changed)]).to.deep.equal(["EventsDlq"]);
    const queue = (parse(changed, { logLevel: "error" }) as { Resources: { EventsDlq: object } }).Resources
      .EventsDlq;
    expect(queue).to.include({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
  });

  it("ends its lines as the others do", () => {
    const windows = SAM.replaceAll("\n", "\r\n");
    const changed = retaining(windows, ["EventHandler", "EventHandlerRole", "EventsDlq"]);
    expect(changed.replaceAll("\r\n", "")).to.not.include("\n");
    expect(changed.replaceAll("\r\n", "\n")).to.equal(
      retaining(SAM, ["EventHandler", "EventHandlerRole", "EventsDlq"]),
    );
  });

  it("stays as it is once it retains", () => {
    const ids = ["EventHandler", "Logs", "EventsDlq"];
    const twice = retaining(retaining(SAM, ids), ids);
    expect(retaining(twice, ids)).to.equal(twice);
  });

  it("counts a resource that only a failed creation removes as left behind", () => {
    const template =
      "Resources: {A: {Type: T, DeletionPolicy: RetainExceptOnCreate}, B: {Type: T, DeletionPolicy: Snapshot}}";
    expect([...retainedIn(template)]).to.deep.equal(["A"]);
  });

  it("is JSON where it was JSON, however that is written, with the same meaning", () => {
    const text = fc.string({ unit: "grapheme" });
    const attributes = fc.record(
      {
        DeletionPolicy: fc.constantFrom("Delete", "Snapshot", "Retain"),
        Metadata: fc.constantFrom({}, { SamResourceId: "A" }),
        Properties: fc.dictionary(
          fc.string({ unit: "grapheme-ascii", minLength: 1 }).filter((key) => key !== "__proto__"),
          fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(attributes, attributes, fc.constantFrom(undefined, 1, 4, "\t"), (A, B, indent) => {
        const document = { Outputs: { a: 1 }, Resources: { A: { Type: "T", ...A }, B: { Type: "T", ...B } } };
        const changed = retaining(JSON.stringify(document, undefined, indent), ["A"]);
        expect(JSON.parse(changed)).to.deep.equal(
          JSON.parse(
            JSON.stringify({
              Outputs: { a: 1 },
              Resources: {
                ...document.Resources,
                A: { ...document.Resources.A, ...ATTRIBUTES, Metadata: { ...A.Metadata, ...TAKEN_OVER } },
              },
            }),
          ),
        );
      }),
    );
  });

  const refusals: readonly (readonly [when: string, template: string, reason: RegExp])[] = [
    ["it is neither JSON nor YAML", "Resources: {A: [", /neither JSON nor YAML/],
    [
      "the resource is an alias of another",
      "Resources: {B: &b {Type: T}, A: *b}",
      /A is not written as a map/,
    ],
    ["the resource is not there", "Resources: {B: {Type: T}}", /A is not written as a map/],
    [
      "its policy is computed",
      "Resources: {A: {Type: T, DeletionPolicy: {'Fn::If': [x, Retain, Delete]}}}",
      /DeletionPolicy is not a plain one/,
    ],
    ["another resource is an alias of it", "Resources: {A: &a {Type: T}, B: *a}", /without changing more/],
  ];
  for (const [when, template, reason] of refusals)
    it(`is refused, with what to do by hand, when ${when}`, () => {
      expect(() => retaining(template, ["A"]))
        .to.throw(ObstacleError, reason)
        .with.property("hint")
        .that.includes("DeletionPolicy: Retain by hand");
    });
});
