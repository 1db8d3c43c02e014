import { OperatorError } from "../../checklist/errors.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import { readTenantRow } from "../../reconcile/tenant-rows.ts";
import { explainAwsError } from "../aws/explain-error.ts";
import type { Context } from "../context.ts";
import { nearestTenants } from "./nearest-tenants.ts";

/**
 * For a command that has found nothing of a tenant: the mistake, with the ids that are near, where no row has the id either. Undefined
 * where a row has it, and where the rows cannot be read: then nobody knows.
 */
export const findUnknownTenant = async (
  context: Pick<Context, "aws" | "environment" | "signal">,
  tenantId: string,
): Promise<OperatorError | undefined> => {
  const { aws, environment, signal } = context;
  try {
    const row = await readTenantRow(aws.dynamoDb, environment.tenants, tenantId, transitionTable, signal);
    return row === undefined ? unknownTenant(tenantId, await nearestTenants(context, tenantId)) : undefined;
  } catch (error) {
    if (explainAwsError(error) === undefined) throw error;
    return undefined;
  }
};

const unknownTenant = (tenantId: string, near: readonly string[]): OperatorError =>
  new OperatorError(`Unknown tenant ${JSON.stringify(tenantId)}: no row has that id`, {
    hint: near.length === 0 ? undefined : `Did you mean ${near.join(" or ")}?`,
  });
