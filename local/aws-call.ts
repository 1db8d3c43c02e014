/** What the function asks of an AWS service, in one of the AWS JSON protocols. */
export interface AwsCall {
  /** The service's host, without a port. */
  readonly host: string;
  /** Such as `DynamoDB_20120810.UpdateItem`. */
  readonly target: string;
  /** JSON. */
  readonly body: string;
}

export interface AwsReply {
  /** Of HTTP. */
  readonly status: number;
  /** JSON. */
  readonly body: string;
}
