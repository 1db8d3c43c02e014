import { expect } from "chai";
import {
  ConfigurationError,
  InvalidEventError,
  MalformedRowError,
  TagLookupError,
  TenantStoreError,
} from "../../handler/errors.ts";

/** Lambda's log, the dead letters and the metric filters know an error by its name. */
describe("an error of the handler", () => {
  const cause = new TypeError("no route");

  for (const [error, text] of [
    [
      new ConfigurationError(["A is not set", "B is wrong"]),
      "ConfigurationError: The function's environment variables are wrong: A is not set; B is wrong",
    ],
    [new InvalidEventError(["no id", "no time"]), "InvalidEventError: Not a valid ECS event: no id; no time"],
    [
      new TagLookupError("arn:x", cause),
      "TagLookupError: Failed to look up the tags of arn:x: TypeError: no route",
    ],
    [new TenantStoreError("acme", "no"), "TenantStoreError: Failed to update tenant state of acme: no"],
    [
      new MalformedRowError("acme", ["/a is wrong", "/b is wrong"]),
      "MalformedRowError: Failed to update tenant state of acme: its row is malformed and was left untouched: " +
        "/a is wrong; /b is wrong. Repair the attribute or remove it, then replay the event",
    ],
  ] as const)
    it(`says all that it knows: ${error.name}`, () => {
      expect(String(error)).to.equal(text);
    });

  it("keeps its cause", () => {
    expect(new TagLookupError("arn:x", cause).cause).to.equal(cause);
    expect(new TenantStoreError("acme", cause).cause).to.equal(cause);
  });
});
