import { readdir, rm, symlink } from "node:fs/promises";
import { SourceMap, type SourceMapPayload } from "node:module";
import { tmpdir } from "node:os";
import { expect } from "chai";
import { transform } from "esbuild";
import { compileEagerly, type FunctionRange, functionsAtLoad } from "../../build/eager-functions.ts";
import { bundleHandler } from "../../build/handler-bundle.ts";
import { makeOwnFolder } from "../own-folder.ts";

/** What SourceMap finds. */
interface Place {
  readonly generatedColumn: number;
  readonly originalSource: string;
  readonly originalLine: number;
}

const rangeOf = (code: string, text: string): FunctionRange => {
  const start = code.indexOf(text);
  expect(start, text).to.not.equal(-1);
  return [start, start + text.length];
};

describe("the functions that run while a script loads", () => {
  it("are those that are called, also by others than the script itself", async () => {
    const code = [
      'const once = () => { ["€"].map((each) => each + 1); };',
      "function declared() { return process.env.GREETING; }",
      "const never = () => { once(); };",
      'once(); if (declared() === "hello") (function () {})();',
      "module.exports = () => never();",
    ].join("\n");
    const ran = await functionsAtLoad(code, { GREETING: "hello" });
    expect(ran.map(([start, end]) => code.slice(start, end)).slice(1)).to.have.members([
      '() => { ["€"].map((each) => each + 1); }',
      "(each) => each + 1",
      "function declared() { return process.env.GREETING; }",
      "function () {}",
    ]);
    expect(await functionsAtLoad(code, {})).to.have.lengthOf(ran.length - 1);
    expect(
      await functionsAtLoad("if (process.env.PATH) (() => {})();", {}),
      "this process's",
    ).to.have.lengthOf(1);
  });

  it("are also those that promises wait with, but no others that are called later, if ever it ends", async () => {
    const code = [
      "(async () => { await 0; await 0; })().then(() => 2);",
      "setImmediate(() => 3); setInterval(() => 4);",
    ].join("\n");
    const ran = await functionsAtLoad(code, {});
    expect(ran.map(([start, end]) => code.slice(start, end)).slice(1)).to.have.members([
      "async () => { await 0; await 0; }",
      "() => 2",
    ]);
  });

  it("are found where the temporary folder is a link, as on macOS", async () => {
    const folder = makeOwnFolder(tmpdir(), "eager-functions-");
    const link = `${folder}-link`;
    await symlink(folder, link);
    // What tmpdir() reads.
    const { env } = process;
    const before = env["TMPDIR"];
    env["TMPDIR"] = link;
    try {
      expect(await functionsAtLoad("(() => {})();", {})).to.have.lengthOf(2);
    } finally {
      if (before === undefined) delete env["TMPDIR"];
      else env["TMPDIR"] = before;
      await rm(link);
    }
    expect(await readdir(folder), "what is left there").to.deep.equal([]);
  });

  it("are not known of a script that cannot be loaded, which is said, without all of the line where it was thrown", async () => {
    const code = `throw new Error("no REGION"); // ${"and all the rest ".repeat(100)}`;
    const failure: unknown = await functionsAtLoad(code, { STAGE: "dev" }).catch((error: unknown) => error);
    expect(failure)
      .to.have.property("message")
      .that.matches(/^The bundle cannot be loaded with STAGE alone:\n[^]*\nError: no REGION\n/)
      .and.has.length.below(2000);
  });
});

describe("a script that compiles functions at once", () => {
  const code =
    "var a=()=>1,b=function(){return c(x=>y=>x)};class D{m(){}static n=()=>2;static(){s}}function c(){}var o={p(){},q:async()=>{}};";
  const ranges = [
    "()=>1",
    "function(){return c(x=>y=>x)}",
    "x=>y=>x",
    "y=>x",
    "m(){}",
    // So V8 tells it, of a method of this name.
    "(){s}",
    "function c(){}",
    "p(){}",
    "async()=>{}",
  ];

  it("has them in parentheses, but for methods and declarations, and the others as they were", () => {
    const sourceMap = JSON.stringify({ version: 3, sources: [], names: [], mappings: "" });
    const all = ranges.map((text) => rangeOf(code, text));
    expect(compileEagerly({ code, sourceMap }, all).code).to.equal(
      "var a=(()=>1),b=(function(){return c((x=>(y=>x)))});class D{m(){}static n=()=>2;static(){s}}function c(){}var o={p(){},q:(async()=>{})};",
    );
    expect(compileEagerly({ code, sourceMap }, []).code).to.equal(code);
  });

  it("leads back to the same places in its sources", async () => {
    const source =
      "const first = () => 'one';\nconst second = () => {\n  throw new Error('two');\n};\nfirst(); second();\n";
    const { code, map } = await transform(source, {
      minify: true,
      sourcemap: "external",
      sourcefile: "source.ts",
    });
    const ranges = ['()=>"one"', '()=>{throw new Error("two")}'].map((text) => rangeOf(code, text));
    const compiled = compileEagerly({ code, sourceMap: map }, ranges);
    expect(compiled.code).to.not.equal(code);
    const before = new SourceMap(JSON.parse(map) as SourceMapPayload);
    const after = new SourceMap(JSON.parse(compiled.sourceMap) as SourceMapPayload);
    for (const text of ['"one"', "throw", "Error", '"two"', "first", "second"].filter((text) =>
      code.includes(text),
    )) {
      const { generatedColumn: was, ...place } = before.findEntry(0, code.indexOf(text)) as Place;
      const { generatedColumn: is, ...found } = after.findEntry(0, compiled.code.indexOf(text)) as Place;
      expect(found, text).to.deep.equal(place);
      expect(is, text).to.equal(was + compiled.code.indexOf(text) - code.indexOf(text));
    }
  });
});

describe("the function's entry", () => {
  it("compiles at once what runs while it loads, and its source map knows", async () => {
    const { files, sourceMaps } = await bundleHandler();
    const code = Buffer.from(files["index.js"] ?? "").toString();
    expect(code, "a module of winston").to.match(/=\w+\(\(\(\w+,\w+\)=>\{"use strict"/);
    const { sources, sourcesContent, ...map } = JSON.parse(
      Buffer.from(sourceMaps["index.js"] ?? "").toString(),
    ) as SourceMapPayload;
    const places = new SourceMap({ sources, sourcesContent, ...map });
    const lines = code.split("\n");
    for (const text of [
      "Tenant status ",
      "the ARN of an ECS cluster",
      "clockSkewCorrected",
      "EventsProcessed",
    ]) {
      const line = lines.findIndex((each) => each.includes(text));
      const { originalSource, originalLine } = places.findEntry(
        line,
        lines[line]?.indexOf(text) ?? 0,
      ) as Place;
      const source = sourcesContent[sources.indexOf(originalSource)] ?? "";
      expect(source.split("\n")[originalLine], text).to.contain(text);
    }
  });
});
