import { InvokeCommand } from "@aws-sdk/client-lambda";
import type { LambdaContext } from "./lambda-context.ts";
import { parseJson, propertiesOf } from "../../../checklist/parse-json.ts";

/** What the reconciler answers when nothing keeps it from a run. It changes nothing for it. */
const CHECK = { version: 1, kind: "check" } as const;

/** What came of asking the reconciler whether it could run. */
export interface ReconcilerCheck {
  readonly isReady: boolean;
  /** `ready (12 services)`, or what it answered in its place. */
  readonly description: string;
}

/**
 * Asks a version or an alias of the reconciler whether it can reach all that a run needs.
 * @param context of the reconciler: see ofReconciler.
 */
export const checkReconciler = async (
  { aws, names, signal }: LambdaContext,
  qualifier: string,
): Promise<ReconcilerCheck> => {
  const { FunctionError, Payload } = await aws.lambda.send(
    new InvokeCommand({
      FunctionName: names.functionName,
      Qualifier: qualifier,
      InvocationType: "RequestResponse",
      Payload: Buffer.from(JSON.stringify(CHECK)),
    }),
    { abortSignal: signal },
  );
  const text = Payload === undefined ? "" : Buffer.from(Payload).toString();
  const { status, services, errorType, errorMessage } = propertiesOf(parseJson(text));
  if (FunctionError !== undefined)
    return { isReady: false, description: `threw ${asText(errorType)}: ${asText(errorMessage)}` };
  return status === "ready"
    ? { isReady: true, description: `ready (${String(services)} services)` }
    : { isReady: false, description: `answered ${text.slice(0, MAX_QUOTED)}` };
};

const MAX_QUOTED = 200;

const asText = (value: unknown): string => (typeof value === "string" ? value : "(nothing)");
