/** A request of the function to an AWS service. */
export interface ServiceRequest {
  /** Of the AWS JSON protocols, such as `DynamoDB_20120810.UpdateItem`. */
  readonly target: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Which container asks. */
  readonly container: number;
}

/** An answer, so many milliseconds after the request; or none, ever. */
export type ServiceAnswer =
  { readonly afterMs: number; readonly status: number; readonly body: unknown } | "silence";

export type Service = (request: ServiceRequest) => ServiceAnswer;

export const refusal = (afterMs: number, type: string, message: string): ServiceAnswer => ({
  afterMs,
  status: 400,
  body: { __type: type, message },
});
