import { transitionTable } from "../../handler/transition-table.ts";
import type { Context } from "../context.ts";
import { unknownName } from "../unknown-name.ts";
import { findUnknownTenant } from "../tenants/unknown-tenant.ts";
import type { LetterFilter } from "../dlq/filter.ts";

/**
 * Refuses a filter that names an event or a tenant that there is not: with `=` it would match nothing, with `!=` everything, that
 * which was to be left out included.
 * @param unseen the conditions whose value no message has. An event of the table and a tenant with a row are known all the same.
 * @throws {OperatorError}
 */
export const refuseUnknownNames = async (context: Context, unseen: LetterFilter): Promise<void> => {
  for (const { key, value } of unseen) {
    if (key === "event" && !transitionTable.eventNames.includes(value.toUpperCase()))
      throw unknownName("event", value.toUpperCase(), transitionTable.eventNames);
    const unknownTenant = key === "tenant" ? await findUnknownTenant(context, value) : undefined;
    if (unknownTenant !== undefined) throw unknownTenant;
  }
};
