import { type Check, pass } from "../../checklist/check.ts";
import { HOUR_MS } from "../../checklist/durations.ts";
import type { Display } from "../../checklist/display.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { type Alarm, listAlarms } from "../aws/cloudwatch/alarms.ts";
import { findLastRun, type LastRun } from "../aws/cloudwatch/last-run.ts";
import { FAILED_STATUS, listFailedTenants } from "../aws/failed-tenants.ts";
import { listTransitions, type LoggedTransition } from "../aws/cloudwatch/transitions.ts";
import { declareEnvironmentCommand, noOptions } from "../command.ts";
import type { Context } from "../context.ts";
import { readQueueDepth } from "../aws/sqs/queue-depth.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";
import { type Alias, listAliases, readLiveAlias } from "../aws/lambda/alias.ts";
import { describeTraffic, isWhole } from "../aws/lambda/alias-traffic.ts";
import { listVersions, readReadiness, type Version } from "../aws/lambda/version.ts";
import { howToPutRight } from "../checks/function-checks.ts";
import { describeHand } from "../checks/live-version.ts";
import { describeFigures, type MetricFigure, readFigures } from "../checks/metric-figures.ts";
import { describeApart, findReconcilerPlace } from "../checks/reconciler-place.ts";
import { formatTable } from "../../checklist/table.ts";

export const status = declareEnvironmentCommand({
  name: "status",
  summary: "show what is live",
  description:
    "Shows the live version, the versions with the aliases that point to them, the alarms, what CloudWatch has counted in the last hour, the number of " +
    "dead letters, the last run of the scheduled reconciler and what blew its fuse, the tenants that failed, and the " +
    "last status changes of tenants. It does not judge them; use verify for that.",
  examples: ["status prod", "status dev --json"],
  options: noOptions,
  plan: (context) => look(context),
});

/** What has been found so far; a look-up that failed leaves its part out. */
interface Seen {
  live?: Alias;
  versions?: readonly Version[];
  aliases?: readonly Alias[];
  alarms?: readonly Alarm[];
  /** What CloudWatch has counted. */
  lastHour?: readonly MetricFigure[];
  deadLetters?: number;
  transitions?: readonly LoggedTransition[];
  failedTenants?: readonly string[];
  /** Of the scheduled reconciler; null when it has not run lately. */
  lastRun?: LastRun | null;
}

const look = (context: Context): Checklist => {
  const seen: Seen = {};
  const lookAt = (title: string, run: () => Promise<string>): Check => ({
    title,
    run: async () => pass(await run()),
  });
  const looks: readonly Check[] = [
    {
      title: "Live",
      run: async () => {
        seen.live = await readLiveAlias(context);
        const { description } = seen.live;
        const traffic = [describeTraffic(seen.live), ...describeHand(seen.live)].join("; ");
        return {
          ...pass(`${traffic}${description === "" ? "" : `: ${description}`}`),
          ...(isWhole(seen.live) ? {} : howToPutRight(context)),
        };
      },
    },
    lookAt("Versions", async () => {
      seen.versions = await listVersions(context);
      return `${seen.versions.length} published, the newest is ${seen.versions[0]?.number ?? "none"}`;
    }),
    lookAt("Backups and checkpoints", async () => {
      const { aliasName } = context.names;
      seen.aliases = (await listAliases(context)).filter(({ name }) => name !== aliasName);
      return String(seen.aliases.length);
    }),
    lookAt("Alarms", async () => {
      seen.alarms = await listAlarms(context);
      const on = seen.alarms.filter(({ state }) => state === "ALARM").map(({ name }) => name);
      return `${seen.alarms.length}, in state ALARM: ${on.join(", ") || "none"}`;
    }),
    lookAt("The last hour", async () => {
      seen.lastHour = await readFigures(context, HOUR_MS);
      return describeFigures(seen.lastHour);
    }),
    lookAt("Dead-letter queue", async () => {
      const { aws, signal } = context;
      const { waiting, inFlight } = await readQueueDepth(aws.sqs, await findQueueUrl(context), signal);
      seen.deadLetters = waiting + inFlight;
      return `${seen.deadLetters} messages`;
    }),
    lookAt("Reconciler", () => describeReconciler(context)),
    lookAt("Last run of the reconciler", async () => {
      seen.lastRun = (await findLastRun(context)) ?? null;
      return seen.lastRun === null ? "none lately" : describeRun(seen.lastRun, context.clock.now());
    }),
    lookAt(`Tenants that are ${FAILED_STATUS}`, async () => {
      seen.failedTenants = await listFailedTenants(context);
      return describeTenants(seen.failedTenants);
    }),
    lookAt("Last status changes", async () => {
      seen.transitions = await listTransitions(context);
      return `${seen.transitions.length} shown, of the last hour`;
    }),
  ];
  return {
    runs: "until-failure",
    checks: [rightAccount(context), { runs: "all", checks: looks }],
    result: () => ({ data: seen, text: (display) => describe(seen, display) }),
  };
};

/** `version 7`; and, when a release or a rollback has moved the handler alone, what finishes it. */
const describeReconciler = async (context: Context): Promise<string> => {
  const live = await readLiveAlias(context);
  const place = await findReconcilerPlace(
    context,
    async () => (await readReadiness(context, live.version)).version.codeSha256,
  )();
  switch (place.kind) {
    case "absent":
      return "not there yet";
    case "older-code":
    case "there":
      return describeTraffic(place.alias);
    case "elsewhere":
      return place.isSameCode ? describeTraffic(place.alias) : describeApart(context, live, place);
  }
};

/** `12 min ago: Reconciled, 3 drifted, 3 repaired, …` */
const describeRun = ({ at, message, counts }: LastRun, now: Date): string => {
  const minutes = Math.max(0, Math.round((now.getTime() - at.getTime()) / 60_000));
  const told = COUNTS_SHOWN.flatMap((name) => {
    const count = counts[name];
    return count === undefined || count === 0 ? [] : [`${count} ${name}`];
  });
  return `${minutes} min ago: ${[message, ...told].join(", ")}`;
};

const COUNTS_SHOWN = ["services", "tenants", "drifted", "repaired", "failed", "contested"] as const;

/** As many as fit a line; all are in the JSON. */
const TENANTS_SHOWN = 20;

const describeTenants = (tenantIds: readonly string[]): string => {
  const further = tenantIds.length - TENANTS_SHOWN;
  return tenantIds.length === 0
    ? "none"
    : `${tenantIds.length}: ${tenantIds.slice(0, TENANTS_SHOWN).join(", ")}${further > 0 ? ` and ${further} more` : ""}`;
};

const describe = (seen: Seen, { columns }: Display): string =>
  [describeVersions(seen, columns), describeAlarms(seen, columns), describeTransitions(seen, columns)]
    .filter((part) => part !== undefined)
    .join("\n\n");

/** As many as an operator may want to go back to. */
const VERSIONS_SHOWN = 10;

type Columns = Display["columns"];

const describeVersions = ({ live, versions, aliases = [] }: Seen, columns: Columns): string | undefined =>
  versions === undefined
    ? undefined
    : formatTable(
        ["VERSION", "PUBLISHED", "CODE SHA-256", "KNOWN AS"],
        versions
          .slice(0, VERSIONS_SHOWN)
          .map(({ number, publishedAt, codeSha256 }) => [
            number,
            publishedAt,
            codeSha256,
            [
              ...(live === undefined ? [] : placesInTraffic(live, number)),
              ...aliases.filter(({ version }) => version === number).map(({ name }) => name),
            ].join(", "),
          ]),
        { columns, yielding: [2, 1, 3] },
      );

/** `LIVE`, or what somebody has set by hand: `10 % of the traffic`. */
const placesInTraffic = ({ version, shares }: Alias, number: string): readonly string[] => [
  ...(version === number ? ["LIVE"] : []),
  ...shares.filter((share) => share.version === number).map(({ percent }) => `${percent} % of the traffic`),
];

const describeAlarms = ({ alarms = [] }: Seen, columns: Columns): string | undefined =>
  alarms.length === 0
    ? undefined
    : formatTable(
        ["ALARM", "STATE"],
        alarms.map(({ name, state }) => [name, state]),
        { columns, yielding: [0] },
      );

const describeTransitions = ({ transitions = [] }: Seen, columns: Columns): string | undefined =>
  transitions.length === 0
    ? undefined
    : formatTable(
        ["TIME", "TENANT", "STATUS"],
        transitions.map(({ time, tenantId, from, to }) => [time, tenantId, `${from} -> ${to}`]),
        { columns, yielding: [0, 1], folding: [1] },
      );
