import { type MetricAlarm, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import type { Context } from "../../context.ts";

export interface Alarm {
  readonly name: string;
  readonly state: string;
  /** Why it is in that state, in CloudWatch's words. */
  readonly reason: string;
}

type AlarmContext = Pick<Context, "aws" | "names" | "signal">;

/** The environment's alarms, in the order of their names. */
export const listAlarms = async (context: AlarmContext): Promise<readonly Alarm[]> =>
  (await describeAlarms(context)).map(({ AlarmName = "", StateValue = "unknown", StateReason = "" }) => ({
    name: AlarmName,
    state: StateValue,
    reason: StateReason,
  }));

/** The same with all that CloudWatch tells of them. */
export const describeAlarms = async ({
  aws,
  names,
  signal,
}: AlarmContext): Promise<readonly MetricAlarm[]> => {
  const alarms: MetricAlarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
    { client: aws.cloudWatch },
    { AlarmNamePrefix: names.alarmNamePrefix },
    { abortSignal: signal },
  ))
    alarms.push(...MetricAlarms);
  return alarms.sort(({ AlarmName: one = "" }, { AlarmName: other = "" }) => (one < other ? -1 : 1));
};
