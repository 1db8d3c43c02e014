import { type Check, judge } from "../../checklist/check.ts";
import type { Context } from "../context.ts";

/** The credentials are of the environment's account. The first check of every command. */
export const rightAccount = ({ identity, environment }: Context): Check => ({
  title: "AWS account",
  run: async () => {
    const { accountId, arn } = await identity();
    return judge(
      accountId === environment.accountId,
      `${accountId} (${arn})`,
      `${environment.accountId} (${environment.environment})`,
    );
  },
});
