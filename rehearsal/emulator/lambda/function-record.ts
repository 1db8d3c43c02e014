import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Aws } from "../../../ops/aws/clients.ts";

export interface LogLine {
  readonly timestamp: number;
  readonly message: string;
}

/** Writes a sandbox's lines to the log group, as Lambda does in the function's name. */
export const writeLog = async (
  { cloudWatchLogs }: Pick<Aws, "cloudWatchLogs">,
  logGroupName: string,
  logStreamName: string,
  lines: readonly LogLine[],
): Promise<void> => {
  if (lines.length === 0) return;
  const put = new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [...lines] });
  try {
    await cloudWatchLogs.send(put);
  } catch (error) {
    if (!isNamed(error, "ResourceNotFoundException")) throw error;
    await createLogStream(cloudWatchLogs, logGroupName, logStreamName);
    await cloudWatchLogs.send(put);
  }
};

const createLogStream = async (
  cloudWatchLogs: Aws["cloudWatchLogs"],
  logGroupName: string,
  logStreamName: string,
): Promise<void> => {
  try {
    await cloudWatchLogs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  } catch (error) {
    // A sandbox takes its next event while its last one is written down: that one's stream was faster.
    if (!isNamed(error, "ResourceAlreadyExistsException")) throw error;
  }
};

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/**
 * Counts what happened to a function, once for the function as a whole and once for the alias or version that was
 * invoked.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export const count = async (
  { cloudWatch }: Pick<Aws, "cloudWatch">,
  functionName: string,
  qualifier: string,
  metrics: Readonly<Record<string, number>>,
): Promise<void> => {
  const ofFunction = [{ Name: "FunctionName", Value: functionName }];
  const ofQualifier = [...ofFunction, { Name: "Resource", Value: `${functionName}:${qualifier}` }];
  await cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: "AWS/Lambda",
      MetricData: [ofFunction, ofQualifier].flatMap((Dimensions) =>
        Object.entries(metrics).map(([MetricName, Value]) => ({ MetricName, Dimensions, Value })),
      ),
    }),
  );
};
