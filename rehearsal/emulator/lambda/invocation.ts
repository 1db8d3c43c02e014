/** An invocation as the emulator hands it over: what was asked for, and what is deployed there. */
export interface Invocation {
  readonly accountId: string;
  readonly region: string;
  /** The alias or version that was asked for. */
  readonly qualifier: string;
  readonly invocationType: "RequestResponse" | "Event" | "DryRun";
  readonly payload: string;
  readonly configuration: FunctionConfiguration;
  readonly eventInvokeConfig: EventInvokeConfig | null;
  /** The version's code, in base64. */
  readonly zip: string;
}

/** What GetFunctionConfiguration says of the version that the qualifier names. */
export interface FunctionConfiguration {
  readonly FunctionName: string;
  readonly FunctionArn: string;
  readonly Version: string;
  readonly Handler: string;
  readonly Runtime: string;
  readonly Role: string;
  readonly CodeSha256: string;
  readonly MemorySize: number;
  /** Seconds. */
  readonly Timeout: number;
  readonly Environment?: { readonly Variables: Readonly<Record<string, string>> };
  readonly LoggingConfig: {
    readonly LogFormat?: string;
    readonly LogGroup: string;
    readonly ApplicationLogLevel?: string;
  };
}

export interface EventInvokeConfig {
  readonly MaximumRetryAttempts?: number;
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination?: string } };
}

/** What came of one attempt. The payload is JSON: the answer, or the error. */
export interface AttemptResult {
  readonly payload: string;
  readonly functionError?: "Unhandled" | undefined;
}

/** An error as Lambda words those that the function itself could not report. */
export const unhandled = (errorType: string, errorMessage: string): AttemptResult => ({
  payload: JSON.stringify({ errorType, errorMessage }),
  functionError: "Unhandled",
});

/** The ARN that was invoked: the context tells the function. */
export const invokedArn = ({ accountId, region, qualifier, configuration }: Invocation): string =>
  `arn:aws:lambda:${region}:${accountId}:function:${configuration.FunctionName}:${qualifier}`;
