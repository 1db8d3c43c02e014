/** A statement's `Condition`: values by key, by operator. */
export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/**
 * True when a condition ties an AWS service to a source of the account: to resources by `aws:SourceArn`, or to the account
 * by `aws:SourceAccount`. An operator with `IfExists` would let a request through that names no source at all.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn
 */
export const namesItsSource = (condition: Condition = {}, accountId: string): boolean =>
  OPERATORS.some((operator) =>
    Object.entries(condition[operator] ?? {}).some(([key, values]) => {
      const named = [values].flat();
      const isOwn = SOURCE_KEYS[key.toLowerCase()];
      return isOwn !== undefined && named.length > 0 && named.every((value) => isOwn(value, accountId));
    }),
  );

/** True for the ARN of one thing in the account, or for a reference to a resource of the same stack. */
export const isOwnArn = (arn: string, accountId: string): boolean =>
  REFERENCE.test(arn) || new RegExp(`^arn:[^:*?]+:[^:*?]+:[^:*?]*:${accountId}:[^*?]+$`).test(arn);

const OPERATORS = ["StringEquals", "ArnEquals", "ArnLike"] as const;

const SOURCE_KEYS: Readonly<Record<string, (value: string, accountId: string) => boolean>> = {
  "aws:sourcearn": isOwnArn,
  "aws:sourceaccount": (value, accountId) => value === accountId,
};

/** `${aws_cloudwatch_event_rule.rule.arn}` */
export const REFERENCE = /^\$\{aws_[^{}]+\}$/;
