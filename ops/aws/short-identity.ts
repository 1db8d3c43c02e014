/**
 * The part of an ARN that names a person or a job, as short as a description needs it.
 * @param arn `arn:aws:sts::<account>:assumed-role/<role>/<session>` or `arn:aws:iam::<account>:user/<name>`
 */
export const shortIdentity = (arn: string): string =>
  (arn.split(/[/:]/).at(-1) ?? "").replaceAll(/[^\w+=.@-]/g, "").slice(0, LONGEST_NAME) || "unknown";

/** With a commit, a run and a number of dead letters, it leaves some room for the reason. */
const LONGEST_NAME = 24;
