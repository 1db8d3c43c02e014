import { GetObjectCommand } from "@aws-sdk/client-s3";
import { type Check, fail, inconclusive, pass, skip } from "../../checklist/check.ts";
import { MINUTE_MS } from "../../checklist/durations.ts";
import { isObject } from "../../checklist/is-object.ts";
import { explainAwsError, isForbidden, isNotFound } from "../aws/explain-error.ts";
import type { Context } from "../context.ts";
import { parseJson } from "../../checklist/parse-json.ts";

/**
 * Nobody else is changing the infrastructure, and no Terraform that was killed has left its lock.
 * @see https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
 */
export const stateLock = ({ aws, environment, names, clock, signal }: Context): Check => ({
  title: "State lock",
  run: async () => {
    const Key = `${names.stateKey}.tflock`;
    try {
      const { Body } = await aws.s3.send(
        new GetObjectCommand({
          Bucket: names.stateBucketName,
          Key,
          ExpectedBucketOwner: environment.accountId,
        }),
        { abortSignal: signal },
      );
      const lock = readLock((await Body?.transformToString()) ?? "");
      return {
        ...fail(`someone else is at work: ${describeLock(lock, clock.now())}`, "nobody holds it"),
        hint: "Wait for it; only if it surely runs no more, remove the lock",
        next: `aws s3api delete-object --bucket ${names.stateBucketName} --key ${Key} --region ${environment.region}`,
      };
    } catch (error) {
      // Without s3:ListBucket, S3 says so of an object that is not there, too.
      if (isForbidden(error)) return skip("not known: these credentials may not read it");
      if (!isNotFound(error)) throw error;
      return isMissingBucket(error) ? skip("there is no state bucket yet") : pass("nobody holds it");
    }
  },
});

/**
 * The same, for a command that cannot wait: it goes on, and cannot say that what it does will last. Where the lock cannot be read, nobody
 * knows.
 */
export const nobodyElseAtWork = (context: Context): Check => {
  const { title, run } = stateLock(context);
  return {
    title,
    run: async (progress) => {
      try {
        const finding = await run(progress);
        return finding.outcome === "fail"
          ? {
              ...inconclusive(finding.found, finding.expected),
              hint: "A deployment moves the alias again at its end: look afterwards",
              next: `npm run ops -- status ${context.environment.environment}`,
            }
          : finding;
      } catch (error) {
        const explanation = explainAwsError(error);
        if (context.signal.aborted || explanation === undefined) throw error;
        return skip(`not known: ${explanation.message}`);
      }
    },
  };
};

interface Lock {
  readonly who: string;
  readonly operation: string;
  /** Undefined where it does not say. */
  readonly created: Date | undefined;
}

const readLock = (text: string): Lock => {
  const lock = parseJson(text);
  const field = (name: string): string | undefined =>
    isObject(lock) && typeof lock[name] === "string" ? lock[name] : undefined;
  const created = new Date(field("Created") ?? Number.NaN);
  return {
    who: field("Who") ?? "someone",
    operation: field("Operation") ?? "an operation",
    created: Number.isNaN(created.getTime()) ? undefined : created,
  };
};

const describeLock = ({ who, operation, created }: Lock, now: Date): string => {
  if (created === undefined) return `${who}, ${operation}`;
  const minutes = Math.max(0, Math.floor((now.getTime() - created.getTime()) / MINUTE_MS));
  return `${who}, ${operation}, since ${created.toISOString()} (${minutes} min)`;
};

const isMissingBucket = (error: unknown): boolean => error instanceof Error && error.name === "NoSuchBucket";
