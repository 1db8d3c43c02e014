import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetScheduleCommand } from "@aws-sdk/client-scheduler";
import type { Aws } from "../../ops/aws/clients.ts";

/** What came of one turn of a schedule. */
export interface Turn {
  /** What the function answered, as JSON. */
  readonly answer: string;
  /** Set when it failed. */
  readonly functionError: string | undefined;
}

/**
 * EventBridge Scheduler's side: invokes what a deployed schedule names, with the input that it has. Emulators keep schedules
 * and have no clock for them.
 * @throws when the schedule is off: nothing would happen.
 */
export const takeTurn = async ({ scheduler, lambda }: Aws, scheduleName: string): Promise<Turn> => {
  const { State, Target } = await scheduler.send(new GetScheduleCommand({ Name: scheduleName }));
  if (State !== "ENABLED" || Target === undefined)
    throw new Error(`The schedule ${scheduleName} is ${State ?? "unknown"}`);
  const [, , , , , , FunctionName, Qualifier] = (Target.Arn ?? "").split(":");
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName, Qualifier, Payload: Buffer.from(Target.Input ?? "") }),
  );
  return { answer: Payload?.transformToString() ?? "null", functionError: FunctionError };
};
