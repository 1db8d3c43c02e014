import { DescribeTableCommand, DescribeTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { type Check, fail, judge, skip } from "../../checklist/check.ts";
import { isNotFound } from "../aws/explain-error.ts";
import type { Context } from "../context.ts";

/** The directory of services is there, has the key that the function asks by, and loses what is long out of date. */
export const directoryTable = (context: Context): Check => ({
  title: titleOf(context),
  run: async () => {
    const expected = expectedOf(context);
    const found = await describeDirectory(context);
    return found === undefined ? fail("no such table", expected) : judge(found === expected, found, expected);
  },
});

/** The same before a deployment, which creates the table where there is none. */
export const directoryTableOrNone = (context: Context): Check => ({
  title: titleOf(context),
  run: async () => {
    const expected = expectedOf(context);
    const found = await describeDirectory(context);
    return found === undefined
      ? skip("not there yet: the first deployment creates it")
      : judge(found === expected, found, expected);
  },
});

const titleOf = ({ names }: Context): string => `Directory ${names.servicesTableName}`;

const expectedOf = ({ names }: Context): string =>
  `ACTIVE, key ${names.servicesTableKey}, TTL on ${names.servicesTableTtlAttribute}`;

/** Undefined when there is no such table. */
const describeDirectory = async ({ aws, names, signal }: Context): Promise<string | undefined> => {
  const input = { TableName: names.servicesTableName };
  try {
    const { Table: table } = await aws.dynamoDb.send(new DescribeTableCommand(input), {
      abortSignal: signal,
    });
    const { TimeToLiveDescription: ttl } = await aws.dynamoDb.send(new DescribeTimeToLiveCommand(input), {
      abortSignal: signal,
    });
    // A table whose capacity or settings change serves all the same.
    const status = table?.TableStatus === "UPDATING" ? "ACTIVE" : (table?.TableStatus ?? "unknown");
    const key = (table?.KeySchema ?? []).map(({ AttributeName }) => AttributeName).join(", ");
    const isOn = ttl?.TimeToLiveStatus === "ENABLED" || ttl?.TimeToLiveStatus === "ENABLING";
    return `${status}, key ${key}, TTL ${isOn ? `on ${ttl.AttributeName ?? "unknown"}` : "off"}`;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
};
