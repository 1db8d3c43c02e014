import type { MetricAlarm, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { type Check, fail, pass } from "../../checklist/check.ts";
import type { AlarmDefinition } from "../../stacks/alarm-definition.ts";
import { alarmDefinitions } from "../../stacks/alarm-definitions.ts";
import { describeAlarms } from "../aws/cloudwatch/alarms.ts";
import type { Context } from "../context.ts";

/** Each alarm watches what it was deployed to watch, and tells the topic: an alarm that was muted by hand is none. */
export const alarmSettings = (context: Context): Check => ({
  title: "Settings of the alarms",
  run: async () => {
    const { environment, names } = context;
    const found = new Map((await describeAlarms(context)).map((alarm) => [alarm.AlarmName, alarm]));
    const differences = Object.values(alarmDefinitions(environment)).flatMap((definition) => {
      const alarm = found.get(definition.alarmName);
      // That it is missing has a check of its own.
      return alarm === undefined
        ? []
        : differencesOf(settingsOf(alarm), expectedSettings(definition, names.topicArn)).map(
            (difference) => `${definition.alarmName}: ${difference}`,
          );
    });
    return differences.length === 0
      ? pass("as deployed", EXPECTED)
      : fail(differences.join("; "), `${EXPECTED}; deploy again`);
  },
});

const EXPECTED = "as deployed";

/** What an alarm is made of, one thing at a time, in one spelling. */
type Settings = Readonly<Record<string, string>>;

const differencesOf = (found: Settings, expected: Settings): readonly string[] =>
  Object.entries(expected).flatMap(([setting, value]) =>
    found[setting] === value ? [] : [`${setting} ${found[setting] ?? "none"}, not ${value}`],
  );

const expectedSettings = (definition: AlarmDefinition, topicArn: string): Settings => ({
  metric: metricOf(definition.namespace, definition.metricName, definition.dimensions ?? {}),
  statistic: definition.statistic ?? "none",
  period: String(definition.period ?? "none"),
  queries: (definition.metricQuery ?? [])
    .map((query) =>
      query.metric !== undefined
        ? `${query.id} = ${query.metric.stat} of ${metricOf(query.metric.namespace, query.metric.metricName, query.metric.dimensions ?? {})} in ${query.metric.period} s`
        : `${query.id} = ${query.expression ?? "nothing"}`,
    )
    .sort()
    .join(", "),
  comparison: definition.comparisonOperator,
  threshold: String(definition.threshold),
  periods: String(definition.evaluationPeriods),
  "missing data": definition.treatMissingData,
  actions: "on",
  "in state ALARM it tells": topicArn,
  "in state OK it tells": topicArn,
});

const settingsOf = ({
  Namespace,
  MetricName,
  Dimensions = [],
  Statistic,
  Period,
  Metrics = [],
  ComparisonOperator,
  Threshold,
  EvaluationPeriods,
  TreatMissingData = "missing",
  ActionsEnabled = true,
  AlarmActions = [],
  OKActions = [],
}: MetricAlarm): Settings => ({
  metric: metricOf(Namespace, MetricName, dimensionsOf(Dimensions)),
  statistic: Statistic ?? "none",
  // That of an alarm on a combination is told with each of its metrics.
  period: Metrics.length > 0 ? "none" : String(Period),
  queries: Metrics.map(describeQuery).sort().join(", "),
  comparison: String(ComparisonOperator),
  threshold: String(Threshold),
  periods: String(EvaluationPeriods),
  "missing data": TreatMissingData,
  actions: ActionsEnabled ? "on" : "off",
  "in state ALARM it tells": AlarmActions.join(", "),
  "in state OK it tells": OKActions.join(", "),
});

const describeQuery = ({ Id = "", Expression, MetricStat }: MetricDataQuery): string => {
  const { Metric, Stat = "", Period = "" } = MetricStat ?? {};
  return Metric === undefined
    ? `${Id} = ${Expression ?? "nothing"}`
    : `${Id} = ${Stat} of ${metricOf(Metric.Namespace, Metric.MetricName, dimensionsOf(Metric.Dimensions ?? []))} in ${Period} s`;
};

const dimensionsOf = (
  dimensions: readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(dimensions.map(({ Name = "", Value = "" }) => [Name, Value]));

const metricOf = (
  namespace: string | undefined,
  name: string | undefined,
  dimensions: Readonly<Record<string, string>>,
): string =>
  name === undefined
    ? "none"
    : `${namespace ?? ""}/${name} {${Object.entries(dimensions)
        .map(([dimension, value]) => `${dimension}: ${value}`)
        .sort()
        .join(", ")}}`;
