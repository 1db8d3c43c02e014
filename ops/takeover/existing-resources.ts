import pMap from "p-map";
import { ObstacleError } from "../../checklist/errors.ts";
import type { PlannedResource } from "../../stacks/planned-resources.ts";
import { listStateAddresses } from "../aws/terraform-state.ts";
import type { Context } from "../context.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";

/** What a deployment would create, and what is there already without being in its state. */
export interface Existing {
  readonly resource: PlannedResource;
  /** Terraform's import id. */
  readonly id: string;
}

/** Side by side: IAM and Lambda answer some ten requests a second. */
const CONCURRENCY = 4;

/** @throws {ObstacleError} for a resource of a type that nobody can look up. */
export const findExisting = async (context: Context): Promise<readonly Existing[]> => {
  // CDKTF takes a second to load, and no other command needs it.
  const { plannedResources } = await import("../../stacks/planned-resources.ts");
  const known = await listStateAddresses(context);
  const unknown = plannedResources(context.environment).filter(({ address }) => !known.has(address));
  const found = await pMap(unknown, async (resource) => ({ resource, id: await find(context, resource) }), {
    concurrency: CONCURRENCY,
  });
  return found.flatMap(({ resource, id }) => (id === undefined ? [] : [{ resource, id }]));
};

const find = (context: Context, { address, type, config }: PlannedResource): Promise<string | undefined> => {
  const known = RESOURCE_TYPES.get(type);
  if (known === undefined) throw new ObstacleError(`${address} is of a type that cannot be looked up`);
  return known.find(context, config);
};

/** `aws_lambda_function.function <- bbws-ecs-event-handler-dev` */
export const describeExisting = ({ resource: { address }, id }: Existing): string => `${address} <- ${id}`;
