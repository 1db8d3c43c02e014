import type { Environment } from "../../envs/environment.ts";
import { loadEnvironments } from "../../envs/load.ts";
import type { TransitionData } from "../../handler/transition-data.ts";
import { createTransitionTable, transitions } from "../../handler/transition-table.ts";
import { costTable } from "./costs.ts";
import { environmentTable } from "./environment-table.ts";
import { eventTable } from "./event-table.ts";
import { keptDataTable } from "./kept-data-table.ts";
import { planPolicyBlock } from "./plan-policy-block.ts";
import { roleTable } from "./role-table.ts";
import { replacementTable } from "./replacement-table.ts";
import { roomTable, roomTree } from "./rooms.ts";
import { stateDiagram } from "./state-diagram.ts";
import { transcripts } from "./transcripts.ts";
import { workflowTable } from "./workflow-table.ts";

/** What the documents have from the data that the product runs on: by document, below docs/, and section. */
export const generatedSections = (
  table: TransitionData = transitions,
): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  "architecture.md": {
    rooms: roomTable(),
    tree: roomTree(),
    "state diagram": stateDiagram(createTransitionTable(table)),
  },
  "security.md": {
    data: keptDataTable(inOrderOfPromotion(loadEnvironments())),
    "plan policy": planPolicyBlock(loadEnvironments()),
    replacements: replacementTable(),
  },
  "cost.md": { costs: costTable() },
  "runbook.md": {
    events: eventTable(table),
    transcripts: transcripts(),
    workflows: workflowTable(),
    roles: roleTable(inOrderOfPromotion(loadEnvironments())),
    environments: environmentTable(inOrderOfPromotion(loadEnvironments())),
  },
});

/** What is released first comes first. */
const inOrderOfPromotion = (environments: readonly Environment[]): readonly Environment[] => {
  const after = (from: string | undefined): readonly Environment[] =>
    environments
      .filter(({ promotion }) => promotion?.from === from)
      .flatMap((environment) => [environment, ...after(environment.environment)]);
  return after(undefined);
};
