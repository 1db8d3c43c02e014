import { GetObjectCommand } from "@aws-sdk/client-s3";
import { isObject } from "../../checklist/is-object.ts";
import type { Context } from "../context.ts";
import { isNotFound } from "./explain-error.ts";

/** The addresses of the resources that the environment's Terraform state has; none when there is no state yet. */
export const listStateAddresses = async ({
  aws,
  names,
  environment,
  signal,
}: Context): Promise<ReadonlySet<string>> => {
  try {
    const { Body } = await aws.s3.send(
      new GetObjectCommand({
        Bucket: names.stateBucketName,
        Key: names.stateKey,
        ExpectedBucketOwner: environment.accountId,
      }),
      { abortSignal: signal },
    );
    return stateAddresses(JSON.parse((await Body?.transformToString()) ?? "{}"));
  } catch (error) {
    if (isNotFound(error)) return new Set();
    throw error;
  }
};

/**
 * The addresses of the resources that a state has.
 * @see https://developer.hashicorp.com/terraform/language/state
 */
export const stateAddresses = (state: unknown): ReadonlySet<string> => {
  const resources = isObject(state) ? state["resources"] : undefined;
  return new Set(
    (Array.isArray(resources) ? (resources as unknown[]) : [])
      .filter(isObject)
      .filter(({ mode, instances }) => mode === "managed" && Array.isArray(instances) && instances.length > 0)
      .map(({ type, name }) => `${String(type)}.${String(name)}`),
  );
};
