import { convertToAttr } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import { build } from "esbuild";
import fc from "fast-check";
import { bundleSettings } from "../../build/bundle-settings.ts";
import { REPOSITORY } from "../../build/handler-bundle.ts";
import { replacements } from "../../build/replacements.ts";
import { replacementsPlugin } from "../../build/replacements-plugin.ts";

/** What came of a call: a value, or the error that it threw. */
const outcomeOf = (call: () => unknown): unknown => {
  try {
    return call();
  } catch (error) {
    return String(error);
  }
};

describe("the marshaller of the bundle", () => {
  it("makes the same of every value as the AWS SDK's, shortcut or not", async () => {
    const [written] = (
      await build({
        ...bundleSettings,
        absWorkingDir: REPOSITORY,
        stdin: {
          contents: 'export { convertToAttr } from "@aws-sdk/util-dynamodb";',
          resolveDir: REPOSITORY,
        },
        write: false,
        plugins: [
          replacementsPlugin(
            replacements.filter(({ module }) => module.startsWith("@aws-sdk/util-dynamodb/")),
          ),
        ],
      })
    ).outputFiles;
    const module = { exports: {} as { convertToAttr: typeof convertToAttr } };
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- as Node.js loads CommonJS
    new Function("module", written?.text ?? "")(module);

    const number = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.constantFrom(-0, 2 ** 53, -(2 ** 53), NaN, Infinity),
    );
    const value = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withSet: true,
      withMap: true,
      values: [fc.string(), fc.constant(""), number, fc.boolean(), fc.constantFrom(null, undefined)],
    });
    const options = fc.record(
      {
        convertEmptyValues: fc.boolean(),
        removeUndefinedValues: fc.boolean(),
        allowImpreciseNumbers: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(value, options, (data, how) => {
        expect(outcomeOf(() => module.exports.convertToAttr(data, how))).to.deep.equal(
          outcomeOf(() => convertToAttr(data, how)),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
