import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** What AWS was asked when it answered with an error. */
export interface FailedRequest {
  /** `DynamoDB.Scan` */
  readonly api: string;
  /** The table that was asked for, if it was one. */
  readonly table: string | undefined;
  /** `lambda.af-south-1.amazonaws.com`; undefined when it was not found out. */
  readonly host: string | undefined;
}

/** The SDK's errors do not say what was asked. By error, so that the errors stay as they are. */
const requests = new WeakMap<Error, FailedRequest>();

export const requestOf = (error: Error): FailedRequest | undefined => requests.get(error);

/** Makes the clients' errors known to {@link requestOf}. */
export const rememberFailedRequests = <T extends object>(aws: T): T => {
  for (const client of Object.values(aws) as DynamoDBClient[])
    client.middlewareStack.add(
      (next, context) => async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (error instanceof Error)
            requests.set(error, {
              api: `${nameOf(context.clientName, "Client")}.${nameOf(context.commandName, "Command")}`,
              table: tableOf(args.input),
              host: context.endpointV2?.url.host,
            });
          throw error;
        }
      },
      { step: "initialize", name: "rememberFailedRequests", override: true },
    );
  return aws;
};

const nameOf = (name: unknown, ending: string): string => String(name).replace(new RegExp(`${ending}$`), "");

const tableOf = (input: object): string | undefined =>
  "TableName" in input && typeof input.TableName === "string" ? input.TableName : undefined;
