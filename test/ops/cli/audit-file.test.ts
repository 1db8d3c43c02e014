import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { functionAnswers } from "../function-answers.ts";
import { healthyDev } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { run, type Run } from "../run.ts";

type AuditLine = Readonly<Record<string, unknown>>;

describe("--audit FILE", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "audit-"));
    file = join(folder, "audit.jsonl");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const lines = (): AuditLine[] =>
    readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditLine);
  const audited = (words: string, further: Answers = {}): Promise<Run> => {
    const { answers } = functionAnswers({
      versions: { 5: "five", 6: "six", 7: "seven" },
      aliases: { "latest-dev": "6", "backup-20260301T100000Z": "5" },
    });
    return run(`${words} --audit ${file}`, { answers: { ...healthyDev(), ...answers, ...further } });
  };
  const WHO = "arn:aws:sts::536580886816:assumed-role/operator/jo";

  it("keeps each change, and of the command who ran it, when, how, what it changed and its result", async () => {
    const done = await audited('release dev --reason "faster start"');
    expect(done.exitCode).to.equal(0);
    const [ofHandler, ofReconciler, ofRun] = lines();
    for (const [line, from] of [
      [ofHandler, "6"],
      [ofReconciler, "6"],
    ] as const)
      expect(line).to.include({ kind: "change", command: "release", by: WHO, from, reason: "faster start" });
    expect(ofRun).to.deep.include({
      kind: "run",
      timestamp: "2026-03-03T21:00:00.000Z",
      by: WHO,
      environment: "dev",
      command: "release",
      arguments: ["release", "dev", "--reason", "faster start", "--audit", file],
      dryRun: false,
      outcome: "pass",
      exitCode: 0,
      interrupted: false,
      changes: 2,
      failed: [],
    });
    expect((ofRun?.["changed"] as { title: string }[]).map(({ title }) => title)).to.include.members([
      "Live version remembered",
      "Alias moved",
      "Reconciler's alias moved",
    ]);
    // It names people and tenants.
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it("appends, and tells of what failed and of what changed nothing", async () => {
    await audited("release dev --dry-run");
    await audited("release dev", {
      UpdateAliasCommand: () => {
        throw awsError("AccessDeniedException", "not authorized");
      },
    });
    const [dry, failed] = lines();
    expect(dry).to.deep.include({ dryRun: true, changes: 0, changed: [] });
    expect(failed).to.deep.include({ exitCode: 1, outcome: "fail", changes: 0 });
    expect(failed?.["failed"]).to.deep.equal([
      { title: "Alias moved", outcome: "fail", found: "access denied: not authorized" },
    ]);
  });

  it("says whose the credentials were not known to be", async () => {
    await audited("verify dev", {
      GetCallerIdentityCommand: () => {
        throw awsError("ExpiredToken");
      },
    });
    expect(lines()).to.have.length(1);
    expect(lines()[0]).to.include({ exitCode: 1 }).and.not.to.have.property("by");
  });

  it("keeps no secret that somebody has pasted", async () => {
    const secrets = ["AKIAIOSFODNN7EXAMPLE", "hunter2", "X-Amz-Signature=abc"];
    await audited(
      `release dev --reason "with ${secrets[0]} password=${secrets[1]} https://example.org/x?${secrets[2]}"`,
    );
    const text = readFileSync(file, "utf8");
    for (const secret of secrets) expect(text).not.to.include(secret);
    expect(lines().at(-1)?.["arguments"]).to.include(
      "with (access key) password=(left out) https://example.org/x?(left out)",
    );
  });

  it("does nothing where the file cannot be written", async () => {
    file = join(folder, "missing", "audit.jsonl");
    const done = await audited("release dev");
    expect(done.exitCode).to.equal(2);
    expect(done.stderr).to.match(
      /audit\.jsonl cannot be written: ENOENT.* Nothing was done\. Name another file/,
    );
    expect(done.aws.calls).to.deep.equal([]);
  });
});
