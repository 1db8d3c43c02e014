import { formatTable } from "../../checklist/table.ts";
import type { Result } from "../../checklist/stage.ts";
import type { OwnedResource } from "../aws/cloudformation/stack.ts";
import type { Existing } from "./existing-resources.ts";

interface Change {
  readonly address: string;
  readonly action: string;
  readonly attributes: readonly string[];
}

export interface AdoptionFacts {
  readonly existing: readonly Existing[];
  readonly changes: readonly Change[];
  readonly kept: readonly OwnedResource[];
  readonly leaving: readonly OwnedResource[];
  readonly oldRules: readonly string[];
  /** Looked up and never changed. */
  readonly leftAlone: readonly string[];
}

/** What becomes of what, for people and for machines. Pure. */
export const adoptionTable = ({
  existing,
  changes,
  kept,
  leaving,
  oldRules,
  leftAlone,
}: AdoptionFacts): Result => {
  const changeOf = new Map(changes.map((change) => [change.address, change]));
  const imported = existing.map(({ resource: { address }, id }) => ({
    action: changeOf.has(address) ? "import and change" : "import",
    what: address,
    id,
    detail: changeOf.get(address)?.attributes.join(", ") ?? "",
  }));
  const isImported = new Set(existing.map(({ resource: { address } }) => address));
  const others = changes
    .filter(({ address }) => !isImported.has(address))
    .map(({ address, action, attributes }) => ({
      action: action === "add" ? "create" : action,
      what: address,
      id: "",
      detail: attributes.join(", "),
    }));
  const ofStack = leaving.map(({ type, physicalId }) => ({
    action: "old stack keeps",
    what: type,
    id: physicalId,
    detail: "until --finish",
  }));
  const ofStackIds = new Set(leaving.map(({ physicalId }) => physicalId));
  const byHand = oldRules
    .filter((rule) => !ofStackIds.has(rule))
    .map((rule) => ({ action: "stays", what: "rule made by hand", id: rule, detail: "until --finish" }));
  const left = kept.map(({ type, physicalId }) => ({
    action: "old stack leaves behind",
    what: type,
    id: physicalId,
    detail: "",
  }));
  const alone = leftAlone.map((id) => ({ action: "left alone", what: "looked up only", id, detail: "" }));
  const rows = [...imported, ...others, ...left, ...ofStack, ...byHand, ...alone];
  return {
    data: { takeover: rows },
    text: ({ columns }) =>
      formatTable(
        ["ACTION", "WHAT", "ID", "DETAIL"],
        rows.map(({ action, what, id, detail }) => [action, what, id, detail]),
        { columns, yielding: [3, 2, 1] },
      ),
  };
};
