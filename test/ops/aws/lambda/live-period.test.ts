import { expect } from "chai";
import type { Alias } from "../../../../ops/aws/lambda/alias.ts";
import { findLivePeriod, findOrigin, recordOf } from "../../../../ops/aws/lambda/live-period.ts";
import { describeRecord, type Origin } from "../../../../ops/aws/lambda/release-record.ts";

const names = { backupAliasPrefix: "backup-" };
const ORIGIN: Origin = { kind: "workflow", commit: "a".repeat(40), run: "42", gatesSkippedBy: undefined };

const alias = (name: string, version: string, description = ""): Alias => ({
  name,
  version,
  description,
  revisionId: "",
  shares: [],
});

const released = (version: string, at: string, origin?: Origin): string =>
  describeRecord({
    action: "release",
    version,
    at: new Date(at),
    before: "1",
    origin,
    by: undefined,
    deadLetters: undefined,
    reason: "x",
  });

describe("when a version was live", () => {
  const backup = alias("backup-20260303T100000Z", "5", released("5", "2026-03-01T00:00:00Z", ORIGIN));
  const live = alias("latest-dev", "7", released("7", "2026-03-03T10:00:01Z"));

  it("is told by the live alias's own description", () => {
    const period = findLivePeriod("7", live, [live, backup], names);
    expect(period?.since?.toISOString()).to.equal("2026-03-03T10:00:01.000Z");
    expect(period?.until).to.equal(undefined);
  });

  it("is told by the last move when the description tells nothing", () => {
    const bare = alias("latest-dev", "7");
    const period = findLivePeriod("7", bare, [bare, backup], names);
    expect(period?.since?.toISOString()).to.equal("2026-03-03T10:00:00.000Z");
    expect(period?.record).to.equal(undefined);
  });

  it("is not told by a description that is of another version", () => {
    const moved = alias("latest-dev", "6", released("7", "2026-03-03T10:00:01Z", ORIGIN));
    expect(recordOf(moved)).to.equal(undefined);
    expect(findOrigin("6", moved, [moved, backup], names)).to.equal(undefined);
  });

  it("ends, for a version of the past, when the alias left it", () => {
    const period = findLivePeriod("5", live, [live, backup], names);
    expect(period?.since?.toISOString()).to.equal("2026-03-01T00:00:00.000Z");
    expect(period?.until?.toISOString()).to.equal("2026-03-03T10:00:00.000Z");
  });

  it("began, for a version of the past that tells nothing, with the move before", () => {
    const aliases = [live, alias("backup-20260303T100000Z", "5"), alias("checkpoint-20260302T100000Z", "6")];
    expect(findLivePeriod("5", live, aliases, names)?.since?.toISOString()).to.equal(
      "2026-03-02T10:00:00.000Z",
    );
    expect(findLivePeriod("6", live, aliases, names)?.since).to.equal(undefined);
  });

  it("is undefined for a version that never was", () => {
    expect(findLivePeriod("4", live, [live, backup], names)).to.equal(undefined);
  });

  it("keeps the origin of a version readable when another is live", () => {
    expect(findOrigin("5", live, [live, backup], names)).to.deep.equal(ORIGIN);
    expect(findOrigin("7", live, [live, backup], names)).to.equal(undefined);
  });
});
