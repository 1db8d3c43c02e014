import type { Aws, CreateAws } from "../../ops/aws/clients.ts";
import { createAws } from "../../ops/aws/clients.ts";

/** What AWS answers, by command: `{ GetCallerIdentityCommand: () => ({ Account: "1" }) }`. An answer may throw, or take its time. */
export type Answers = Readonly<Record<string, (input: never) => unknown>>;

/** A call that was made. */
export interface Call {
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface RecordedAws {
  readonly createAws: CreateAws;
  /** All calls, in order. */
  readonly calls: readonly Call[];
  /** The inputs of one command's calls. */
  readonly callsOf: (command: string) => readonly Call["input"][];
}

/**
 * The real clients, which build and check the requests, with recorded answers in place of the network. A command
 * without an answer is a mistake of the test and ends it.
 */
export const recordedAws = (answers: Answers): RecordedAws => {
  const calls: Call[] = [];
  return {
    createAws: (region) => {
      const aws = createAws(region);
      for (const client of Object.values(aws) as Aws["sts"][]) {
        client.middlewareStack.add(
          (_next, context) => async (args) => {
            const command = String(context.commandName);
            const answer = answers[command] as ((input: unknown) => unknown) | undefined;
            if (answer === undefined) throw new Error(`no recorded answer for ${command}`);
            calls.push({ command, input: args.input as unknown as Call["input"] });
            return {
              output: { $metadata: {}, ...(await (answer(args.input) as Promise<object>)) },
              response: undefined,
            };
          },
          // After the client has validated and serialized the request: one that AWS would never get has no answer.
          { step: "build", priority: "high" },
        );
        client.config.credentials = () => Promise.resolve(CREDENTIALS);
      }
      return aws;
    },
    calls,
    callsOf: (command) => calls.filter((call) => call.command === command).map(({ input }) => input),
  };
};

const CREDENTIALS = { accessKeyId: "recorded", secretAccessKey: "recorded" };

/** An error as the SDK throws it when a service answers with one. */
export const awsError = (name: string, message = name): Error =>
  Object.assign(new Error(message), { name, $metadata: {}, $fault: "client" });
