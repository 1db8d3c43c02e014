import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Identity } from "../context.ts";

export const readIdentity = async (sts: STSClient, abortSignal: AbortSignal): Promise<Identity> => {
  const { Account = "none", Arn = "?" } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal });
  return { accountId: Account, arn: Arn };
};
