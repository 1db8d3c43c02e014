/**
 * What the description of an alias tells of a version that went live: when, what was live before, where its code comes
 * from, and why. Pure. Lambda keeps 256 characters, so the reason, which may be long, comes last:
 *
 *     release of version 7 at 2026-03-03T21:00:00.000Z, before: version 6 [commit 0123…, run 42, by jo]: faster start
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
 */
export interface ReleaseRecord {
  readonly action: "release" | "rollback";
  readonly version: string;
  readonly at: Date;
  /** The version that was live before; undefined for the first one. */
  readonly before: string | undefined;
  /** Undefined when nobody said. */
  readonly origin: Origin | undefined;
  /** How many messages were in the dead-letter queue when the version went live. */
  readonly deadLetters: number | undefined;
  /** Whose credentials it were, in short; undefined when nobody said. */
  readonly by: string | undefined;
  readonly reason: string;
}

/** Where a version's code comes from. */
export type Origin =
  /** Built by a workflow: anyone with the repository can build it again and compare. */
  | {
      readonly kind: "workflow";
      /** 40 hexadecimal digits. */
      readonly commit: string;
      /** GitHub's number of the run. */
      readonly run: string;
      /** Who deployed it without the quality gates. */
      readonly gatesSkippedBy: string | undefined;
    }
  /** Built on somebody's machine, from sources that need not be in the repository. */
  | { readonly kind: "machine" };

export const describeRecord = (record: ReleaseRecord): string => {
  const { action, version, at, before, reason } = record;
  const notes = notesOf(record).join(", ");
  const what = action === "release" ? "release of" : "rollback to";
  const from = before === undefined ? "nothing" : `version ${before}`;
  return `${what} version ${version} at ${at.toISOString()}, before: ${from}${notes === "" ? "" : ` [${notes}]`}: ${reason}`;
};

/** `jo: release of version 8 at 2026-03-03T21:00:00.000Z`; undefined for a description that is no record of this version. */
export const describeLastMove = ({
  version,
  description,
}: {
  readonly version: string;
  readonly description: string;
}): string | undefined => {
  const record = parseRecord(description);
  return record?.version === version
    ? `${record.by ?? "unknown"}: ${record.action === "release" ? "release of" : "rollback to"} version ${version} at ${record.at.toISOString()}`
    : undefined;
};

/** `commit 0123… in run 42, gates skipped by jo` */
export const describeOrigin = (origin: Origin | undefined): string => {
  if (origin === undefined) return "of unknown origin";
  if (origin.kind === "machine") return "built on a machine, not by a workflow";
  const { commit, run, gatesSkippedBy } = origin;
  return `built from commit ${commit} in run ${run}${gatesSkippedBy === undefined ? "" : `, quality gates skipped by ${gatesSkippedBy}`}`;
};

/** Undefined for a description that is no record, as that of an alias that Terraform has just created. */
export const parseRecord = (description: string): ReleaseRecord | undefined => {
  const [, what, version, time, before, notes = "", reason] = RECORD.exec(description) ?? [];
  if (version === undefined || time === undefined || reason === undefined) return undefined;
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return undefined;
  const deadLetters = / *(\d+) dead letters/.exec(notes)?.[1];
  return {
    action: what === "release of" ? "release" : "rollback",
    version,
    at,
    before,
    origin: parseOrigin(notes),
    deadLetters: deadLetters === undefined ? undefined : Number(deadLetters),
    by: /(?:^|, )by ([\w+=.@-]+)$/.exec(notes)?.[1],
    reason,
  };
};

const RECORD =
  /^(release of|rollback to) version (\d+) at (\S+), before: (?:nothing|version (\d+))(?: \[([^\]]*)\])?: (.*)$/s;

const parseOrigin = (notes: string): Origin | undefined => {
  if (notes.split(", ").includes(MACHINE)) return { kind: "machine" };
  const [, commit, run, gatesSkippedBy] = WORKFLOW.exec(notes) ?? [];
  return commit === undefined || run === undefined
    ? undefined
    : { kind: "workflow", commit, run, gatesSkippedBy };
};

const MACHINE = "built on a machine";
const WORKFLOW = /^commit ([0-9a-f]{40}), run (\d+)(?:, gates skipped by ([\w-]+))?/;

const notesOf = ({ origin, deadLetters, by }: ReleaseRecord): readonly string[] => [
  ...(origin === undefined ? [] : originNotes(origin)),
  ...(deadLetters === undefined || deadLetters === 0 ? [] : [`${deadLetters} dead letters`]),
  ...(by === undefined ? [] : [`by ${by}`]),
];

const originNotes = (origin: Origin): readonly string[] => {
  if (origin.kind === "machine") return [MACHINE];
  const { commit, run, gatesSkippedBy } = origin;
  return [
    `commit ${commit}`,
    `run ${run}`,
    // A bot's login ends in [bot], and the brackets are the notes' own.
    ...(gatesSkippedBy === undefined ? [] : [`gates skipped by ${gatesSkippedBy.replaceAll(/[^\w-]/g, "")}`]),
  ];
};
