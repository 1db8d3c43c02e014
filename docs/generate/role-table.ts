import { markdownTable } from "markdown-table";
import type { Environment } from "../../envs/environment.ts";
import { workflowRoles } from "../../stacks/workflow-roles.ts";

/** The roles of the workflows, and whom they trust: all environments', as `npm run ops -- access` compares them. */
export const roleTable = (environments: readonly Environment[]): string =>
  markdownTable([
    ["Role", "`sub`, after `repo:OWNER/NAME:`"],
    ...environments.flatMap((environment) =>
      workflowRoles(environment, environments).map(({ name, subjects }) => [
        `\`${name}\``,
        subjects.map((subject) => `\`${subject}\``).join(", "),
      ]),
    ),
  ]);
