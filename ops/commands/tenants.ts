import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { pass } from "../../checklist/check.ts";
import type { Display } from "../../checklist/display.ts";
import { fitLines } from "../../checklist/fit-lines.ts";
import { OperatorError } from "../../checklist/errors.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { formatTable } from "../../checklist/table.ts";
import type { PageTenant } from "../../page/page-data.ts";
import { FAILED_STATUS } from "../aws/failed-tenants.ts";
import { rightAccount } from "../checks/account.ts";
import { HTML_HELP, writtenPage } from "../checks/written-page.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { colorStatus } from "../tenants/color-status.ts";
import { timeSince } from "../tenants/duration.ts";
import {
  compareTenants,
  countStatuses,
  KNOWN_STATUSES,
  type ListedTenant,
  listTenants,
  matchesTenant,
  statusOf,
  TENANT_ORDERS,
  type TenantOrder,
} from "../tenants/tenant-list.ts";
import { pageOfRow } from "../tenants/tenant-pages.ts";
import { unknownName } from "../unknown-name.ts";
import { parseDuration, parsePositive } from "./option-parsers.ts";

export const tenantsCommand = declareEnvironmentCommand({
  name: "tenants",
  summary: "list the tenants with their statuses",
  description:
    "Lists the tenants as their rows tell: how many have each status, then each tenant's status and since when it has " +
    "it. A status that another service has set is shown with what ECS's events say. It asks ECS nothing: tenant and " +
    "reconcile do.\n\n" +
    "The list has pages; with --json it is whole. With --watch it is read again every 5 seconds until Ctrl-C.",
  examples: [
    "tenants dev",
    `tenants prod --status ${FAILED_STATUS}`,
    "tenants prod --since 24h --sort since --page 2",
    "tenants prod --html tenants.html",
    `tenants prod --status ${FAILED_STATUS} --watch`,
  ],
  options: (command) =>
    command
      .option("--status <list>", "only those of these statuses, separated by commas", parseStatuses)
      .option("--since <duration>", "only those whose status has changed within 90m, 24h, 7d", parseDuration)
      .addOption(
        new Option("--sort <order>", "the order; since: what changed last comes first")
          .choices(TENANT_ORDERS)
          .default("tenant" as const),
      )
      .option("--limit <n>", "how many to show on a page", parsePositive, 50)
      .option("--page <n>", "which page to show", parsePositive, 1)
      .option("--watch", "keep looking until Ctrl-C")
      .option("--html <file>", HTML_HELP),
  plan: (context, options) => {
    if (options.html !== undefined && options.watch === true)
      throw new OperatorError("--html is a picture of one look, --watch has many", {
        hint: "Use one of them",
      });
    return list(context, options);
  },
});

/** Empty ones, as after a last comma, are none. */
const parseStatuses = (text: string): readonly string[] => {
  const statuses = text
    .split(",")
    .map((status) => status.trim())
    .filter((status) => status !== "");
  if (statuses.length === 0) throw new InvalidArgumentError(`Name statuses, such as ${FAILED_STATUS}.`);
  return statuses;
};

interface TenantsOptions {
  readonly status?: readonly string[] | undefined;
  readonly since?: number | undefined;
  readonly sort: TenantOrder;
  readonly limit: number;
  readonly page: number;
  readonly watch?: true | undefined;
  readonly html?: string | undefined;
}

/** One look at all rows. */
interface TenantsSeen {
  readonly all: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly tenants: readonly ListedTenant[];
  readonly at: Date;
  /** Those that are listed, for a page; none where none is asked for. */
  readonly pages: readonly PageTenant[];
}

const WATCH_MS = 5000;

const list = (context: Context, options: TenantsOptions): Checklist => {
  const { environment, clock, signal } = context;
  let look: TenantsSeen | undefined;
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        title: `Rows of ${environment.tenants.table}`,
        waitsForNews: () => options.watch === true,
        run: async (progress) => {
          for (;;) {
            const isFirst = look === undefined;
            const seen = await lookAt(context, options, (read) => {
              // Of a list that is shown already, nobody needs to know how far the next one is.
              if (isFirst) progress({ done: read, total: undefined, text: "tenants read" });
            });
            // While somebody watches, the last tenant of a status or page may go.
            if (isFirst) refuseMistakes(seen, options);
            look = seen;
            if (options.watch !== true) return pass(`${seen.tenants.length} of ${seen.all} tenants`);
            progress({ done: 0, total: 0, view: (display) => describe(seen, options, display) });
            await clock.wait(WATCH_MS, signal);
          }
        },
      },
      ...writtenPage(
        options.html,
        () =>
          look && {
            title: `Tenants of ${environment.environment}`,
            source: `Rows of ${environment.tenants.table}, each with the events that it remembers`,
            asOf: look.at.toISOString(),
            tenants: look.pages,
          },
      ),
    ],
    result: () => {
      const seen = look;
      return (
        seen && {
          data: { all: seen.all, counts: seen.counts, tenants: seen.tenants },
          text: (display) => describe(seen, options, display),
        }
      );
    },
  };
};

/** @throws {OperatorError} */
const refuseMistakes = (
  { counts, tenants }: TenantsSeen,
  { status = [], limit, page }: TenantsOptions,
): void => {
  const known = [...new Set([...KNOWN_STATUSES, ...Object.keys(counts)])];
  const unknown = status.find((one) => !known.some((name) => name.toUpperCase() === one.toUpperCase()));
  if (unknown !== undefined) throw unknownName("status", unknown.toUpperCase(), known);
  const pages = countPages(tenants, limit);
  if (page > pages)
    throw new OperatorError(
      `There is no page ${page}: there ${pages === 1 ? "is 1 page" : `are ${pages} pages`}`,
    );
};

const countPages = ({ length }: readonly unknown[], limit: number): number =>
  Math.max(1, Math.ceil(length / limit));

const lookAt = async (
  context: Context,
  { status, since, sort, html }: TenantsOptions,
  progress: (read: number) => void,
): Promise<TenantsSeen> => {
  const pages = new Map<string, PageTenant>();
  const all = await listTenants(context, progress, (seen) => {
    if (html !== undefined) pages.set(seen.tenantId, pageOfRow(seen));
  });
  const at = context.clock.now();
  const filter = {
    statuses: status,
    changedAfter: since === undefined ? undefined : new Date(at.getTime() - since),
  };
  const tenants = all.filter((tenant) => matchesTenant(tenant, filter)).sort(compareTenants(sort));
  return {
    all: all.length,
    counts: countStatuses(all),
    tenants,
    at,
    pages: tenants.map(({ tenantId }) => pages.get(tenantId)).filter((page) => page !== undefined),
  };
};

const describe = (
  { all, counts, tenants, at }: TenantsSeen,
  { limit, page }: TenantsOptions,
  { columns, color }: Display,
): string => {
  const counted = Object.entries(counts).map(([status, count]) => `${count} ${colorStatus(status, color)}`);
  const pages = countPages(tenants, limit);
  const shown = tenants.slice((page - 1) * limit, page * limit);
  return [
    fitLines(`${all} tenants: ${counted.join(", ") || "none"}`, columns),
    ...(shown.length === 0
      ? [tenants.length === 0 ? "None of them is meant" : `There are ${pages} pages`]
      : [
          "",
          formatTable(
            ["TENANT", "STATUS", "SINCE", "FOR", "ECS SAYS"],
            shown.map((tenant) => [
              tenant.tenantId,
              { styled: colorStatus(statusOf(tenant), color) },
              tenant.since ?? "",
              timeSince(tenant.since, at),
              tenant.problem ?? tenant.ecsStatus ?? "",
            ]),
            // How long it has been follows from since when; what the status is, from nothing else.
            { columns, yielding: [3, 4, 2, 0] },
          ),
        ]),
    ...(pages > 1 && shown.length > 0
      ? [
          "",
          fitLines(
            `Page ${page} of ${pages}: ${shown.length} of ${tenants.length} tenants. Others: --page`,
            columns,
          ),
        ]
      : []),
  ].join("\n");
};
