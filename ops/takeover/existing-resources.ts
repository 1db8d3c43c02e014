import pMap from "p-map";
import { ObstacleError } from "../../checklist/errors.ts";
import type { PlannedResource } from "../../stacks/planned-resources.ts";
import { listStateAddresses } from "../aws/terraform-state.ts";
import type { Context } from "../context.ts";
import type { ResourceType } from "./resource-type.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";

/** A resource of the stack that is there. */
export interface Existing {
  readonly resource: PlannedResource;
  /** Terraform's import id. */
  readonly id: string;
}

/** Side by side: IAM and Lambda answer some ten requests a second. */
const CONCURRENCY = 4;

/**
 * What a deployment would create, and what is there already without being in its state.
 * @throws {ObstacleError} for a resource of a type that nobody can look up.
 */
export const findExisting = async (context: Context): Promise<readonly Existing[]> => {
  const known = await listStateAddresses(context);
  return lookUp(
    context,
    (await planned(context)).filter(({ address }) => !known.has(address)),
  );
};

/** Whatever of the stack there is, in its state or not. */
export const findAll = async (context: Context): Promise<readonly Existing[]> =>
  lookUp(context, await planned(context));

/** CDKTF takes a second to load, and few commands need it. */
const planned = async ({ environment }: Context): Promise<readonly PlannedResource[]> =>
  (await import("../../stacks/planned-resources.ts")).plannedResources(environment);

/** Of those resources the ones that are there. */
export const lookUp = async (
  context: Context,
  resources: readonly PlannedResource[],
): Promise<readonly Existing[]> => {
  const found = await pMap(
    resources,
    async (resource) => ({ resource, id: await typeOf(resource).find(context, resource.config) }),
    { concurrency: CONCURRENCY },
  );
  return found.flatMap(({ resource, id }) => (id === undefined ? [] : [{ resource, id }]));
};

const typeOf = ({ address, type }: PlannedResource): ResourceType => {
  const known = RESOURCE_TYPES.get(type);
  if (known === undefined) throw new ObstacleError(`${address} is of a type that cannot be looked up`);
  return known;
};

/** What is called as one of the stack's and cannot be it: a line for each, with the reason. */
export const findContradictions = async (
  context: Context,
  existing: readonly Existing[],
): Promise<readonly string[]> => {
  const reasons = await pMap(
    existing,
    async ({ resource, id }) => {
      const reason = await typeOf(resource).contradiction?.(context, resource.config);
      return reason === undefined ? [] : [`${id} (${resource.address}): ${reason}`];
    },
    { concurrency: CONCURRENCY },
  );
  return reasons.flat();
};

/** `aws_lambda_function.function <- bbws-ecs-event-handler-dev` */
export const describeExisting = ({ resource: { address }, id }: Existing): string => `${address} <- ${id}`;
