import type { Check } from "../../checklist/check.ts";
import type { Stage } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { directoryTableOrNone } from "../checks/directory-table.ts";
import { nothingInTheWay } from "../checks/nothing-in-the-way.ts";
import { prerequisites } from "../checks/prerequisites.ts";
import { providerLock } from "../checks/provider-lock.ts";
import { stateLock } from "../checks/state-lock.ts";
import { declareEnvironmentCommand, noOptions } from "../command.ts";
import type { Context } from "../context.ts";

export const preflight = declareEnvironmentCommand({
  name: "preflight",
  summary: "check that an environment has what a deployment needs",
  description:
    "Checks what a deployment needs and does not create: the tenants' table with its key, the ECS cluster, the boundary " +
    "of the functions' roles, and the bucket for the Terraform state, which nobody else may have locked. Fails if something exists that a deployment would create and that its " +
    "Terraform state does not have, such as what the SAM version has left: it names each and what to do.",
  examples: ["preflight dev", "preflight prod --json"],
  options: noOptions,
  plan: (context) => preflightStage(context),
});

/** Without credentials, or with those of another account, nothing else can be told. */
export const preflightStage = (context: Context, further: readonly Check[] = []): Stage => ({
  runs: "until-failure",
  checks: [
    rightAccount(context),
    {
      runs: "all",
      checks: [
        ...prerequisites(context),
        directoryTableOrNone(context),
        nothingInTheWay(context),
        stateLock(context),
        providerLock(),
        ...further,
      ],
    },
  ],
});
