import { expect } from "chai";
import { withoutWarnings } from "./without-warnings.ts";

describe("withoutWarnings", () => {
  const deprecation =
    "(node:71) [DEP0044] DeprecationWarning: The `util.isArray` API is deprecated.\n" +
    "(Use `node --trace-deprecation ...` to show where the warning was created)\n";

  it("takes away what Node.js says about deprecations, of one line or of several", () => {
    expect(withoutWarnings(`${deprecation}wrong\n`)).to.equal("wrong\n");
    expect(
      withoutWarnings(
        "(node:71) Warning: a\nb\n\nc\n(Use `node --trace-warnings ...` to show where)\nwrong\n",
      ),
    ).to.equal("wrong\n");
    expect(withoutWarnings(`wrong\n${deprecation}(node:71) [DEP0169] DeprecationWarning: x\nbad\n`)).to.equal(
      "wrong\nbad\n",
    );
  });

  it("leaves all that the program says", () => {
    expect(withoutWarnings("(node is missing)\n(node:71) Warning: x\nError: y\n    at z\n")).to.equal(
      "(node is missing)\nError: y\n    at z\n",
    );
  });
});
