import { InvokeCommand, LambdaServiceException } from "@aws-sdk/client-lambda";
import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { setTimeout as wait } from "node:timers/promises";
import type { Aws } from "../../../ops/aws/clients.ts";
import { count } from "./function-record.ts";
import { untilReached } from "../until-reached.ts";
import { type Invocation, invokedArn } from "./invocation.ts";

/** Lambda's side of an event that nobody waits for. */
export interface AsyncInvocations {
  accept(requestId: string, invocation: Invocation): void;
  /** Resolves when every event accepted so far has been processed, or parked. */
  settled(): Promise<void>;
}

export interface AsyncInvocationsOptions {
  readonly awsOf: (accountId: string) => Aws;
  /** What an hour of Lambda's waiting is here: 0.001 makes a minute 60 ms. */
  readonly timeScale: number;
  /** Hears of what should not happen: an event that could not be parked. */
  readonly onLoss: (message: string) => void;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_DELAYS_MS = [60_000, 120_000];
const DEFAULT_RETRIES = 2;

export const createAsyncInvocations = ({
  awsOf,
  timeScale,
  onLoss,
}: AsyncInvocationsOptions): AsyncInvocations => {
  const underWay = new Set<Promise<void>>();

  const process = async (requestId: string, invocation: Invocation): Promise<void> => {
    const aws = awsOf(invocation.accountId);
    const { FunctionName } = invocation.configuration;
    const retries = invocation.eventInvokeConfig?.MaximumRetryAttempts ?? DEFAULT_RETRIES;
    await untilReached(() => count(aws, FunctionName, invocation.qualifier, { AsyncEventsReceived: 1 }));
    for (let attempt = 1; ; attempt++) {
      const result = await attemptUntilReached(aws, invocation);
      if (result.functionError === undefined) return;
      if (attempt <= retries) {
        await wait((RETRY_DELAYS_MS[attempt - 1] ?? 0) * timeScale);
        continue;
      }
      await park(aws, requestId, invocation, attempt, result);
      return;
    }
  };

  const park = async (
    aws: Aws,
    requestId: string,
    invocation: Invocation,
    attempts: number,
    { executedVersion, functionError, payload }: Attempt,
  ): Promise<void> => {
    const destination = invocation.eventInvokeConfig?.DestinationConfig?.OnFailure?.Destination;
    if (destination === undefined) {
      onLoss(`${invocation.configuration.FunctionName} has no on-failure destination: an event is lost`);
      return;
    }
    const record = {
      version: "1.0",
      timestamp: new Date().toISOString(),
      requestContext: {
        requestId,
        functionArn: invokedArn(invocation),
        condition: "RetriesExhausted",
        approximateInvokeCount: attempts,
      },
      requestPayload: JSON.parse(invocation.payload) as unknown,
      responseContext: { statusCode: 200, executedVersion, functionError },
      responsePayload: JSON.parse(payload) as unknown,
    };
    try {
      await untilReached(() => sendToQueue(aws, destination, JSON.stringify(record)));
    } catch (error) {
      await count(aws, invocation.configuration.FunctionName, invocation.qualifier, {
        DestinationDeliveryFailures: 1,
      });
      onLoss(`An event could not be parked in ${destination}: ${String(error)}`);
    }
  };

  return {
    accept: (requestId, invocation) => {
      const processing = process(requestId, invocation)
        .catch((error: unknown) => {
          onLoss(`An accepted event was not processed: ${String(error)}`);
        })
        .finally(() => underWay.delete(processing));
      underWay.add(processing);
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
};

interface Attempt {
  readonly executedVersion: string | undefined;
  readonly functionError: string | undefined;
  readonly payload: string;
}

/**
 * Invokes the alias through the emulator's API, so that a retry reaches the version that the alias points at by then.
 * An emulator that is restarting does not count as a failed attempt: Lambda itself is always available.
 */
const attemptUntilReached = async ({ lambda }: Aws, invocation: Invocation): Promise<Attempt> => {
  for (;;) {
    try {
      const { ExecutedVersion, FunctionError, Payload } = await lambda.send(
        new InvokeCommand({
          FunctionName: invocation.configuration.FunctionName,
          Qualifier: invocation.qualifier,
          Payload: Buffer.from(invocation.payload),
        }),
      );
      return {
        executedVersion: ExecutedVersion,
        functionError: FunctionError,
        payload: Payload?.transformToString() ?? "null",
      };
    } catch (error) {
      if (error instanceof LambdaServiceException && error.$fault === "client") throw error;
      await wait(AWAY_MS);
    }
  }
};

const AWAY_MS = 200;

export const sendToQueue = async (
  { sqs }: Pick<Aws, "sqs">,
  queueArn: string,
  body: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const { QueueUrl } = await sqs.send(
    new GetQueueUrlCommand({ QueueName: queueArn.slice(queueArn.lastIndexOf(":") + 1) }),
  );
  await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
      ),
    }),
  );
};
