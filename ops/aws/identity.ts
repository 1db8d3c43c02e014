import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Identity } from "../context.ts";
import { shortIdentity } from "./short-identity.ts";

export const readIdentity = async (sts: STSClient, abortSignal: AbortSignal): Promise<Identity> => {
  const { Account = "none", Arn = "?" } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal });
  return { accountId: Account, arn: Arn };
};

/** How the rows and the log of the handler call an operator: `operator jo`. */
export const sourceOf = ({ arn }: Identity): string => `operator ${shortIdentity(arn)}`;
