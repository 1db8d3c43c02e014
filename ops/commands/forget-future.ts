import { pass } from "../../checklist/check.ts";
import { lazy } from "../../checklist/lazy.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { transitionTable as table } from "../../handler/transition-table.ts";
import { ClusterServices } from "../../reconcile/cluster-services.ts";
import { cureRow, findRow } from "../../reconcile/cure-row.ts";
import { type Cured, forgetFuture } from "../../reconcile/forget-future.ts";
import { rightAccount } from "../checks/account.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { findUnknownTenant } from "../tenants/unknown-tenant.ts";
import { parseReason, parseTenantId } from "./option-parsers.ts";

export const forgetFutureCommand = declareEnvironmentCommand({
  name: "forget-future",
  summary: "take events of the future out of a tenant's row",
  description:
    "An event with a time ahead, forged or mistyped, outdoes all that really happens until then: the tenant's status " +
    "stands still. The handler refuses such events; reconcile names the rows that remember one. This command removes them " +
    "from one row and works its status out of what is left. Without --apply it only says what it would do. The row is " +
    "written only if nobody has written it meanwhile. A status that another service had set before the event overrode it " +
    "is not known any more: that service has to set it again.",
  examples: [
    'forget-future dev --tenant acme --reason "forged event of 25 November"',
    'forget-future prod --tenant acme --reason "forged event of 25 November" --apply',
  ],
  options: (command) =>
    command
      .requiredOption("--tenant <id>", "whose row", parseTenantId)
      .requiredOption("--reason <text>", "why; goes into the audit line", parseReason)
      .option("--apply", "change the row"),
  isDryRun: ({ apply }) => apply !== true,
  plan: (context, options) => forget(context, options),
});

interface ForgetFutureOptions {
  readonly tenant: string;
  readonly reason: string;
}

const forget = (context: Context, { tenant, reason }: ForgetFutureOptions): Checklist => {
  const { aws, environment, names, signal, clock } = context;
  const services = new ClusterServices(aws.ecs, names.clusterArn, signal);
  const found = lazy(async () => {
    const { address, row } = await findRow(aws.dynamoDb, environment.tenants, tenant, table, signal);
    return { address, row, cured: forgetFuture(row, services.now(), table) };
  });
  let seen: Awaited<ReturnType<typeof found>> | undefined;

  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        // Events are stamped by AWS's clocks: an operator's may be wrong.
        title: "ECS's clock",
        run: async () => {
          await services.count();
          return pass(services.now().toISOString());
        },
      },
      {
        title: `Row of ${tenant}`,
        run: async () => {
          const unknown = await findUnknownTenant(context, tenant);
          if (unknown !== undefined) throw unknown;
          seen = await found();
          const { forgotten } = seen.cured;
          return pass(
            forgotten.length === 0
              ? "remembers no event of the future"
              : `remembers ${describeEvents(forgotten)}`,
          );
        },
      },
      {
        title: "Events of the future forgotten",
        skip: async () => ((await found()).cured.forgotten.length === 0 ? "there are none" : undefined),
        preview: async () => `forget ${describeCure((await found()).row.status, (await found()).cured)}`,
        run: async () => {
          const { address, row, cured } = await found();
          await cureRow(aws.dynamoDb, { address, row }, cured, table, clock.now());
          context.audit({
            message: `Events of the future removed from the row of ${tenant}`,
            tenantId: tenant,
            forgotten: cured.forgotten,
            statusBefore: row.status,
            status: cured.status,
            reason,
            by: (await context.identity()).arn,
          });
          return pass(describeCure(row.status, cured));
        },
      },
    ],
    result: () =>
      seen && {
        data: {
          tenantId: tenant,
          forgotten: seen.cured.forgotten,
          statusBefore: seen.row.status,
          status: seen.cured.status,
        },
        text: seen.cured.forgotten.length === 0 ? "" : describeNext(context),
      },
  };
};

const describeNext = ({ dryRun, environment }: Context): string =>
  [
    "If another service had set the status before, it has to set it again.",
    dryRun
      ? "Add --apply to change the row"
      : `Now bring it up to date: npm run ops -- reconcile ${environment.environment} --apply`,
  ].join("\n");

const describeEvents = (events: Cured["forgotten"]): string =>
  events.map(({ name, at, id }) => `${name} of ${at} (${id})`).join(", ");

const describeCure = (before = "(none)", { forgotten, state, status }: Cured): string =>
  `${describeEvents(forgotten)}: ${before} -> ${status ?? "(none)"}` +
  (state === undefined ? "; no other event is left in the row" : "");
