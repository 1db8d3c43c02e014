import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import { type Aws, createAws } from "../../ops/aws/clients.ts";
import type { LocalQueue } from "./local-queue.ts";

type Input = Readonly<Record<string, unknown>>;

/** An AWS service's answer that is an error. */
export class ServiceError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** What the local endpoint is made of; what is left out, is not there. */
export interface LocalServices {
  readonly queue?: LocalQueue;
  /** The function behind every alias. What it throws is its FunctionError. */
  readonly handler?: (event: unknown, qualifier: string) => Promise<unknown>;
  /** ECS, by action. */
  readonly ecs?: (action: string, input: Input) => object;
  /** DynamoDB, as it would answer over HTTP. */
  readonly dynamoDb?: (
    target: string,
    input: Input,
  ) => Promise<{ readonly status: number; readonly body: string }>;
  /** CloudWatch Logs, by action. */
  readonly logs?: (action: string, input: Input) => object;
  /** The endpoint's clock; the machine's unless given. Undefined: its answers do not say. */
  readonly serverTime?: () => Date | undefined;
}

export interface LocalAws {
  readonly endpoint: string;
  /** Real clients that talk to the endpoint. */
  readonly createAws: (region: string) => Aws;
  close(): Promise<void>;
}

const ACCOUNT = "536580886816";

/** Serves a little of SQS, Lambda, ECS and STS over HTTP, in the protocols of the SDK's clients. */
export const startLocalAws = async (services: LocalServices): Promise<LocalAws> => {
  const server = createServer((request, response) => {
    void (async () => {
      const { status = 200, type = "application/json", headers = {}, body } = await answer(request, services);
      const date = (services.serverTime ?? (() => new Date()))()?.toUTCString();
      response.sendDate = false;
      if (date !== undefined) response.setHeader("date", date);
      response.writeHead(status, {
        "content-type": type,
        ...headers,
      });
      response.end(body);
    })();
  });
  server.keepAliveTimeout = 60_000;
  await once(server.listen(0, "127.0.0.1"), "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (services.queue !== undefined) services.queue.origin = endpoint;
  return {
    endpoint,
    createAws: (region) => {
      const options = { region, endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
      return {
        ...createAws(region),
        cloudWatchLogs: new CloudWatchLogsClient(options),
        ecs: new ECSClient(options),
        lambda: new LambdaClient(options),
        sqs: new SQSClient(options),
        sts: new STSClient(options),
      };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};

interface HttpAnswer {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const answer = async (request: IncomingMessage, services: LocalServices): Promise<HttpAnswer> => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const target = request.headers["x-amz-target"];
  try {
    if (typeof target === "string") {
      const [service, action = ""] = target.split(".");
      const input = JSON.parse(text) as Input;
      if (service?.startsWith("DynamoDB_") === true && services.dynamoDb !== undefined)
        return { type: "application/x-amz-json-1.0", ...(await services.dynamoDb(target, input)) };
      const output =
        service === "AmazonSQS"
          ? await services.queue?.act(action, input)
          : service === "Logs_20140328"
            ? services.logs?.(action, input)
            : services.ecs?.(action, input);
      if (output === undefined) throw new ServiceError("UnknownOperationException", target);
      return { body: JSON.stringify(output) };
    }
    if (request.url?.includes("/invocations") === true) return await invoke(request.url, text, services);
    return { type: "text/xml", body: CALLER_IDENTITY };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return {
      status: error.status,
      headers: { "x-amzn-errortype": error.type },
      body: JSON.stringify({ __type: error.type, message: error.message }),
    };
  }
};

const invoke = async (url: string, text: string, { handler }: LocalServices): Promise<HttpAnswer> => {
  if (handler === undefined) throw new ServiceError("ResourceNotFoundException", "Function not found", 404);
  const qualifier = new URL(url, "http://lambda").searchParams.get("Qualifier") ?? "$LATEST";
  try {
    return { body: JSON.stringify(await handler(JSON.parse(text), qualifier)) };
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    const { name, message } = error as Error;
    return {
      headers: { "x-amz-function-error": "Unhandled" },
      body: JSON.stringify({ errorType: name, errorMessage: message }),
    };
  }
};

const CALLER_IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::${ACCOUNT}:user/operator</Arn><UserId>U</UserId><Account>${ACCOUNT}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;
