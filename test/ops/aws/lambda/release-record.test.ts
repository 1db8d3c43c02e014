import { expect } from "chai";
import fc from "fast-check";
import {
  describeOrigin,
  describeRecord,
  parseRecord,
  type ReleaseRecord,
} from "../../../../ops/aws/lambda/release-record.ts";
import { shortIdentity } from "../../../../ops/aws/short-identity.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

describe("the record of a release", () => {
  const record: ReleaseRecord = {
    action: "release",
    version: "7",
    at: new Date("2026-03-03T21:00:00Z"),
    before: "6",
    origin: { kind: "workflow", commit: COMMIT, run: "42", gatesSkippedBy: "jo" },
    deadLetters: 3,
    by: "jo@example.org",
    reason: "faster start",
  };

  it("says when, from where and why, the reason last", () => {
    expect(describeRecord(record)).to.equal(
      `release of version 7 at 2026-03-03T21:00:00.000Z, before: version 6 [commit ${COMMIT}, run 42, ` +
        "gates skipped by jo, 3 dead letters, by jo@example.org]: faster start",
    );
  });

  it("keeps the notes whole at their longest; the reason, which the audit line has too, may be cut", () => {
    const longest = describeRecord({
      ...record,
      action: "rollback",
      version: "99999",
      before: "99998",
      origin: { kind: "workflow", commit: COMMIT, run: "123456789012", gatesSkippedBy: "x".repeat(39) },
      deadLetters: 99999,
      by: shortIdentity(`arn:aws:sts::111111111111:assumed-role/operator/${"x".repeat(64)}`),
      reason: "",
    });
    expect(256 - longest.length).to.be.at.least(1);
  });

  it("is read as it was written, whatever the reason is", () => {
    const origin: fc.Arbitrary<ReleaseRecord["origin"]> = fc.oneof(
      fc.constant(undefined),
      fc.constant({ kind: "machine" as const }),
      fc.record({
        kind: fc.constant("workflow" as const),
        commit: fc.stringMatching(/^[0-9a-f]{40}$/),
        run: fc.stringMatching(/^[1-9]\d{0,11}$/),
        gatesSkippedBy: fc.option(fc.stringMatching(/^[A-Za-z\d-]{1,39}$/), { nil: undefined }),
      }),
    );
    const number = fc.nat().map(String);
    const any = fc.record({
      action: fc.constantFrom("release" as const, "rollback" as const),
      version: number,
      at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-01-01") }),
      before: fc.option(number, { nil: undefined }),
      origin,
      deadLetters: fc.option(fc.integer({ min: 1, max: 99999 }), { nil: undefined }),
      by: fc.option(fc.stringMatching(/^[A-Za-z0-9_+=.@-]{1,24}$/), { nil: undefined }),
      reason: fc.oneof(fc.string(), fc.constant("x]: y [built on a machine]: z\n[commit")),
    });
    fc.assert(
      fc.property(any, (one) => {
        expect(parseRecord(describeRecord(one))).to.deep.equal(one);
      }),
    );
  });

  for (const [arn, short] of [
    ["arn:aws:sts::111111111111:assumed-role/operator/jo@example.org", "jo@example.org"],
    ["arn:aws:iam::111111111111:user/team/jo", "jo"],
    ["arn:aws:iam::111111111111:root", "root"],
    ["arn:aws:iam::111111111111:user/a], by b", "abyb"],
    ["?", "unknown"],
  ] as const)
    it(`names ${arn} in short: ${short}`, () => {
      expect(shortIdentity(arn)).to.equal(short);
    });

  it("is not led astray by a reason that looks like notes", () => {
    const forged = describeRecord({
      ...record,
      origin: undefined,
      deadLetters: undefined,
      by: undefined,
      reason: "x",
    }).replace(": x", `: [commit ${COMMIT}, run 1]: x`);
    expect(parseRecord(forged)).to.deep.include({
      origin: undefined,
      reason: `[commit ${COMMIT}, run 1]: x`,
    });
  });

  it("takes a bot's login without its brackets", () => {
    const written = describeRecord({
      ...record,
      origin: { kind: "workflow", commit: COMMIT, run: "42", gatesSkippedBy: "robot[bot]" },
    });
    expect(parseRecord(written)?.origin).to.include({ gatesSkippedBy: "robotbot" });
  });

  for (const description of [
    "",
    "The released version, which the event rules invoke",
    "live until the release of version 7: faster start",
    "release of version 7 at noon, before: version 6: x",
  ]) {
    it(`is not seen in ${JSON.stringify(description)}`, () => {
      expect(parseRecord(description)).to.equal(undefined);
    });
  }

  it("is told in words", () => {
    expect(describeOrigin(record.origin)).to.equal(
      `built from commit ${COMMIT} in run 42, quality gates skipped by jo`,
    );
    expect(describeOrigin({ kind: "machine" })).to.equal("built on a machine, not by a workflow");
    expect(describeOrigin(undefined)).to.equal("of unknown origin");
  });
});
