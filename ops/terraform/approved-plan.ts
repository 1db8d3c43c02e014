import { readFile } from "node:fs/promises";
import { ObstacleError } from "../../checklist/errors.ts";
import { ACTIONS, type PlannedChange } from "./planned-changes.ts";
import { isObject } from "../../checklist/is-object.ts";

/** What approvers saw of a plan, kept for the deployment that comes after the approval. */
export interface ApprovedPlan {
  readonly environment: string;
  readonly changes: readonly PlannedChange[];
}

const PLAN_AGAIN = "Plan and approve again";

/** @throws {ObstacleError} when there is no such file, or it is no plan of this environment. */
export const readApprovedPlan = async (path: string, environment: string): Promise<ApprovedPlan> => {
  let plan: unknown;
  try {
    plan = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new ObstacleError(`the approved plan cannot be read from ${path}`, {
      hint: PLAN_AGAIN,
      cause,
    });
  }
  if (!isApprovedPlan(plan)) throw new ObstacleError(`${path} is not an approved plan`, { hint: PLAN_AGAIN });
  if (plan.environment !== environment)
    throw new ObstacleError(
      `${path} is the plan that was approved for ${plan.environment}, not for ${environment}`,
      { hint: PLAN_AGAIN },
    );
  return plan;
};

/** What one plan would do and the other would not, a line for each; empty when they are the same. */
export const differences = (
  approved: readonly PlannedChange[],
  now: readonly PlannedChange[],
): readonly string[] => {
  const before = new Map(approved.map((change) => [change.address, change]));
  const after = new Map(now.map((change) => [change.address, change]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((address) => {
    const [was, is] = [before.get(address), after.get(address)];
    if (was === undefined) return is === undefined ? [] : [`${address}: now to ${is.action}, not approved`];
    if (is === undefined) return [`${address}: approved to ${was.action}, now nothing to do`];
    if (was.action !== is.action) return [`${address}: approved to ${was.action}, now to ${is.action}`];
    if (was.digest === is.digest) return [];
    return [`${address}: to ${is.action} with other values than approved (${is.attributes.join(", ")})`];
  });
};

const isApprovedPlan = (plan: unknown): plan is ApprovedPlan =>
  isObject(plan) &&
  typeof plan["environment"] === "string" &&
  Array.isArray(plan["changes"]) &&
  plan["changes"].every(isPlannedChange);

const isPlannedChange = (change: unknown): change is PlannedChange =>
  isObject(change) &&
  typeof change["address"] === "string" &&
  typeof change["digest"] === "string" &&
  ACTIONS.some((action) => action === change["action"]) &&
  Array.isArray(change["attributes"]) &&
  change["attributes"].every((attribute) => typeof attribute === "string");
