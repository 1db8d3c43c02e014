import { paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import type { Context } from "../../context.ts";

export interface Alarm {
  readonly name: string;
  readonly state: string;
  /** Why it is in that state, in CloudWatch's words. */
  readonly reason: string;
}

/** The environment's alarms, in the order of their names. */
export const listAlarms = async ({
  aws,
  names,
  signal,
}: Pick<Context, "aws" | "names" | "signal">): Promise<readonly Alarm[]> => {
  const alarms: Alarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
    { client: aws.cloudWatch },
    { AlarmNamePrefix: names.alarmNamePrefix },
    { abortSignal: signal },
  ))
    alarms.push(
      ...MetricAlarms.map(({ AlarmName = "", StateValue = "unknown", StateReason = "" }) => ({
        name: AlarmName,
        state: StateValue,
        reason: StateReason,
      })),
    );
  return alarms.sort((one, other) => (one.name < other.name ? -1 : 1));
};
