import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { ObstacleError } from "../../checklist/errors.ts";

/** What Terraform would do to one resource. */
export interface PlannedChange {
  readonly address: string;
  readonly action: Action;
  /** The attributes that would change; for a replacement those that force it. Never their values: some are secret. */
  readonly attributes: readonly string[];
  /** SHA-256 of the values before and after: tells two plans apart whose attributes change to different values. */
  readonly digest: string;
}

/** The ones that lose something first. */
export const ACTIONS = ["destroy", "replace", "forget", "change", "add"] as const;
export type Action = (typeof ACTIONS)[number];

/**
 * Reads what `terraform show -json` says of a plan, destroys first.
 * @throws {ObstacleError} when it is not that.
 * @see https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
 */
export const plannedChanges = (plan: unknown): readonly PlannedChange[] => {
  if (!isPlan(plan)) throw new ObstacleError("terraform show -json printed no plan");
  return (plan.resource_changes ?? [])
    .flatMap(({ address, change }) => {
      const action = actionOf(change.actions);
      return action === undefined
        ? []
        : [{ address, action, attributes: attributesOf(action, change), digest: digestOf(change) }];
    })
    .sort((a, b) => ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action));
};

interface TerraformPlan {
  readonly format_version: string;
  /** Absent when there are none. */
  readonly resource_changes?: readonly { readonly address: string; readonly change: TerraformChange }[];
}

interface TerraformChange {
  readonly actions: readonly string[];
  readonly before: Values | null;
  readonly after: Values | null;
  /** Has `true` in the place of each value that is only known after the apply. */
  readonly after_unknown?: Values;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
}

type Values = Readonly<Record<string, unknown>>;

/** Terraform's promise is the rest: the format's major version says that it keeps it. */
const isPlan = (plan: unknown): plan is TerraformPlan =>
  typeof plan === "object" &&
  plan !== null &&
  "format_version" in plan &&
  typeof plan.format_version === "string" &&
  plan.format_version.startsWith("1.");

const digestOf = ({ actions, before, after, after_unknown: unknown }: TerraformChange): string =>
  createHash("sha256")
    .update(JSON.stringify([actions, before, after, unknown]))
    .digest("hex");

const actionOf = (actions: readonly string[]): Action | undefined => {
  if (actions.includes("delete")) return actions.includes("create") ? "replace" : "destroy";
  if (actions.includes("forget")) return "forget";
  if (actions.includes("create")) return "add";
  return actions.includes("update") ? "change" : undefined;
};

const attributesOf = (action: Action, change: TerraformChange): readonly string[] => {
  switch (action) {
    case "replace":
      return (change.replace_paths ?? []).map((path) => path.join("."));
    case "change":
      return changedAttributes(change);
    case "destroy":
    case "forget":
    case "add":
      return [];
  }
};

const changedAttributes = ({
  before,
  after,
  after_unknown: unknown = {},
}: TerraformChange): readonly string[] =>
  [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...Object.keys(unknown)])].filter(
    (attribute) =>
      isUnknown(unknown[attribute]) || !isDeepStrictEqual(before?.[attribute], after?.[attribute]),
  );

const isUnknown = (value: unknown): boolean =>
  value === true || (typeof value === "object" && value !== null && Object.values(value).some(isUnknown));

/** `1 to destroy, 2 to add`; `nothing to do` when there are no changes. */
export const countActions = (changes: readonly PlannedChange[]): string =>
  ACTIONS.map((action) => ({ action, count: changes.filter((change) => change.action === action).length }))
    .filter(({ count }) => count > 0)
    .map(({ action, count }) => `${count} to ${action}`)
    .join(", ") || "nothing to do";
