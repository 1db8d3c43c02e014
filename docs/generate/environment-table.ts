import { markdownTable } from "markdown-table";
import type { Environment, MaintenanceWindow } from "../../envs/environment.ts";
import { resourceNames } from "../../envs/resource-names.ts";

/** The environments side by side: accounts, names and limits. */
export const environmentTable = (environments: readonly Environment[]): string => {
  const rows: readonly [string, (environment: Environment) => string][] = [
    ["AWS account", ({ accountId }) => accountId],
    ["Region", ({ region }) => region],
    ["ECS cluster", ({ cluster }) => code(cluster)],
    ["Tenants' table", ({ tenants }) => code(tenants.table)],
    ["Function", (environment) => code(resourceNames(environment).functionName)],
    [
      "Reconciler, and its schedule",
      (environment) => code(resourceNames(environment).reconciler.functionName),
    ],
    ["Alias", (environment) => code(resourceNames(environment).aliasName)],
    ["Log group", (environment) => code(resourceNames(environment).logGroupName)],
    [
      "Log group of the reconciler",
      (environment) => code(resourceNames(environment).reconciler.logGroupName),
    ],
    [
      "Event rules",
      (environment) => Object.values(resourceNames(environment).ruleNames).map(code).join(", "),
    ],
    ["Dead-letter queue", (environment) => code(resourceNames(environment).deadLetterQueueName)],
    ["State bucket", (environment) => code(resourceNames(environment).stateBucketName)],
    ["Role that deploys", ({ deployRole }) => code(deployRole)],
    ["Role that reads", ({ readRole }) => code(readRole)],
    ["Role of pull requests", ({ planRole }) => code(planRole)],
    ["Logs are kept", ({ logRetentionDays }) => `${logRetentionDays} days`],
    ["Alarm: errors in an hour", ({ alarms }) => `> ${alarms.errorsPerHour}`],
    ["Alarm: throttles in an hour", ({ alarms }) => `> ${alarms.throttlesPerHour}`],
    ["Alarm: dead letters", ({ alarms }) => `> ${alarms.deadLetterMessages}`],
    ["Alarm: age of an event", ({ alarms }) => `> ${alarms.eventAgeSeconds / 60} min`],
    ["Alarm: failed tenants", ({ alarms }) => `> ${alarms.failedTenants}`],
    [
      "Scheduled reconciler",
      ({ reconciler: { everyMinutes, repair } }) =>
        `every ${everyMinutes} min, ${repair ? "repairs" : "only reports"}`,
    ],
    [
      "Fuse of a reconciliation",
      ({ reconciler: { fuse } }) => `> ${fuse.tenants} tenants and > ${fuse.percent} %`,
    ],
    ["Released from", ({ promotion }) => promotion?.from ?? "main"],
    [
      "Gate: lookback, errors, throttles",
      ({ promotion }) =>
        promotion === undefined
          ? "none"
          : `${promotion.lookbackHours} h, at most ${promotion.maxErrors}, at most ${promotion.maxThrottles}`,
    ],
    [
      "Maintenance windows (UTC)",
      ({ maintenanceWindows }) => maintenanceWindows.map(describeWindow).join("; ") || "any time",
    ],
    [
      "Alarms go to",
      ({ notificationEmails, notificationEndpoints = [] }) =>
        [...notificationEmails, ...notificationEndpoints.map((endpoint) => new URL(endpoint).hostname)].join(
          ", ",
        ),
    ],
  ];
  return markdownTable([
    ["", ...environments.map(({ environment }) => environment.toUpperCase())],
    ...rows.map(([title, cell]) => [title, ...environments.map(cell)]),
  ]);
};

const describeWindow = ({ days, from, to }: MaintenanceWindow): string => `${days.join(", ")} ${from}–${to}`;
const code = (text: string): string => `\`${text}\``;
