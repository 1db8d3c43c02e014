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
      const aws = { ...realClients(region) };
      for (const [name, real] of Object.entries(aws) as [keyof Aws, Aws["sts"]][]) {
        const middlewareStack = real.middlewareStack.clone();
        middlewareStack.add(
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
        const recorded: unknown = Object.create(real, { middlewareStack: { value: middlewareStack } });
        Object.assign(aws, { [name]: recorded });
      }
      return aws;
    },
    calls,
    callsOf: (command) => calls.filter((call) => call.command === command).map(({ input }) => input),
  };
};

/** Made once for a region: each client finds out, from files and variables, what nobody has set. */
const realClients = (region: string): Aws => {
  const known = clients.get(region);
  if (known !== undefined) return known;
  const made = createAws(region);
  for (const { config } of Object.values(made) as Aws["sts"][])
    config.credentials = () => Promise.resolve(CREDENTIALS);
  clients.set(region, made);
  return made;
};

const clients = new Map<string, Aws>();

const CREDENTIALS = { accessKeyId: "recorded", secretAccessKey: "recorded" };

/** An error as the SDK throws it when a service answers with one. */
export const awsError = (name: string, message = name): Error =>
  Object.assign(new Error(message), { name, $metadata: {}, $fault: "client" });
