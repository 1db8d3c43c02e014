import { expect } from "chai";
import { listEnvironments, loadEnvironment } from "../../envs/load.ts";
import { runtimeOf } from "../../envs/runtimes.ts";
import { readDocument } from "./documents.ts";

describe("The README", () => {
  it("names the runtime and the memory that every environment has", () => {
    for (const name of listEnvironments()) {
      const environment = loadEnvironment(name);
      const runtime = runtimeOf(environment).replace(/^nodejs(\d+)\.x$/, "Node.js $1");
      expect(readDocument("README.md"), name).to.include(
        `(${runtime}, ${environment.function.memoryMegabytes} MB)`,
      );
    }
  });
});
