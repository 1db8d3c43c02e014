import type { Display } from "../../checklist/display.ts";
import { describeExplanation, type Explanation } from "../../checklist/errors.ts";
import { fitLines } from "../../checklist/fit-lines.ts";
import { formatTable, type TableOptions } from "../../checklist/table.ts";
import { visibleText } from "../../checklist/visible.ts";
import type { SeenService } from "../../reconcile/cluster-services.ts";
import { colorStatus } from "./color-status.ts";
import { effectOf } from "./fold-effect.ts";
import { logCells } from "./log-cells.ts";
import type { TenantPicture } from "./tenant-picture.ts";

/** The whole picture, the verdict first. */
export const describeTenant = (
  { row, services = [], directory = [], log = [], letters }: TenantPicture,
  verdict: Explanation,
  { columns, color }: Display,
): string => {
  const table = (
    title: string,
    head: readonly string[],
    rows: readonly Parameters<typeof formatTable>[0][],
    yielding: TableOptions["yielding"],
    folding: TableOptions["folding"] = [],
  ): readonly string[] =>
    rows.length === 0
      ? []
      : ["", fitLines(`${title}:`, columns), formatTable(head, rows, { columns, yielding, folding })];
  return [
    fitLines(visibleText(describeExplanation(verdict)), columns),
    ...table(
      "What the row remembers, oldest first",
      ["TIME", "EVENT", "STATUS", "WHAT IT DID", "SENT BY", "DEPLOYMENT", "ID"],
      (row?.steps ?? []).map((step) => [
        step.occurrence.at,
        step.occurrence.name,
        { styled: colorStatus(step.state.status, color) },
        effectOf(step),
        step.occurrence.source ?? "ECS",
        step.occurrence.deploymentId ?? "",
        step.occurrence.id,
      ]),
      [6, 5, 4, 3, 1],
      [5],
    ),
    ...table(
      "Services",
      ["SERVICE", "STATUS", "TASKS", "TENANT", "SAYS"],
      services.map(serviceRow),
      [4, 3, 0],
    ),
    ...table(
      "Deployments",
      ["DEPLOYMENT", "STATUS", "ROLLOUT", "TASKS", "FAILURES", "REASON"],
      services.flatMap(deploymentRows),
      [0, 4, 3, 5, 2],
    ),
    ...table("ECS's last messages", ["TIME", "MESSAGE"], services.flatMap(messageRows), [0, 1]),
    ...table(
      "The directory",
      ["SERVICE", "LEARNED", "REJECTED"],
      directory.map(({ serviceArn, learnedAt = "", rejected = "" }) => [serviceArn, learnedAt, rejected]),
      [2, 1, 0],
    ),
    ...table(
      "Dead letters",
      ["EVENT TIME", "EVENT", "WHY", "MESSAGE"],
      (letters?.letters ?? []).map(({ at, event, cause, messageId }) => [at, event, cause, messageId]),
      [3, 2, 1],
    ),
    ...table("The log's last lines", LOG_HEAD, log.map(logCells), LOG_YIELDING, [2]),
  ].join("\n");
};

const LOG_HEAD = ["TIME", "LEVEL", "TENANT", "EVENT", "WHAT", "REQUEST"] as const;
const LOG_YIELDING = [5, 2, 1, 0, 3, 4] as const;

const serviceRow = (seen: SeenService): readonly string[] => {
  if (seen.kind !== "described")
    return [seen.serviceArn, seen.kind, "", "", seen.kind === "unanswered" ? seen.why : ""];
  const { service } = seen;
  const tagged = (key: string): string => service.tags?.find((tag) => tag.key === key)?.value ?? "no tag";
  return [
    service.serviceName ?? seen.serviceArn,
    service.status ?? "",
    `${service.runningCount ?? 0} of ${service.desiredCount ?? 0}`,
    `${tagged("bbws:tenant-id")} in ${tagged("bbws:environment")}`,
    seen.at,
  ];
};

const deploymentRows = (seen: SeenService): readonly (readonly string[])[] =>
  seen.kind !== "described"
    ? []
    : (seen.service.deployments ?? []).map((deployment) => [
        deployment.id ?? "",
        deployment.status ?? "",
        deployment.rolloutState ?? "",
        `${deployment.runningCount ?? 0} of ${deployment.desiredCount ?? 0}`,
        String(deployment.failedTasks ?? 0),
        deployment.rolloutStateReason ?? "",
      ]);

const MESSAGES_SHOWN = 5;

const messageRows = (seen: SeenService): readonly (readonly string[])[] =>
  seen.kind !== "described"
    ? []
    : (seen.service.events ?? [])
        .slice(0, MESSAGES_SHOWN)
        .map(({ createdAt, message = "" }) => [createdAt?.toISOString() ?? "", message]);
