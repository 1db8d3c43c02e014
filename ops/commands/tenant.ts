import { type Check, fail, inconclusive, pass } from "../../checklist/check.ts";
import { describeExplanation } from "../../checklist/errors.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { HTML_HELP, writtenPage } from "../checks/written-page.ts";
import { declareSubjectCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { describeHeldByOthers } from "../dlq/with-held-messages.ts";
import { describeTenant } from "../tenants/describe-tenant.ts";
import { tenantLookUps } from "../tenants/look-up-tenant.ts";
import { isSetByAnother, type TenantPicture } from "../tenants/tenant-picture.ts";
import { pageOfRow } from "../tenants/tenant-pages.ts";
import { judgeTenant } from "../tenants/tenant-verdict.ts";
import { parseTenantId } from "./option-parsers.ts";

export const tenantCommand = declareSubjectCommand({
  name: "tenant",
  summary: "say why a tenant is as it is",
  description:
    "Looks at all that there is of one tenant: its row, the events that the row remembers and what each of them did, its " +
    "services as ECS shows them now, whether row and ECS agree, its lines in the log of the last day, its dead letters " +
    "and its services in the directory. It then says in one sentence why, and which command comes next. It changes " +
    "nothing; while it reads the dead-letter queue, the messages are hidden from other readers.\n\n" +
    "What cannot be looked up is a failed check; the rest is shown.\n\n" +
    "Exit code 1: something could not be looked up, there is no such tenant, or row and ECS do not agree.",
  examples: ["tenant dev acme", "tenant prod acme --json", "tenant prod acme --html acme.html"],
  parameters: (command) =>
    command.argument("<tenant>", "the tenant's id", parseTenantId).option("--html <file>", HTML_HELP),
  plan: (context, { html }, tenantId: string) => look(context, tenantId, html),
});

const look = (context: Context, tenantId: string, html: string | undefined): Checklist => {
  const lookUps = tenantLookUps(context, tenantId);
  let picture: TenantPicture = {
    tenantId,
    row: undefined,
    services: undefined,
    findings: undefined,
    directory: undefined,
    log: undefined,
    letters: undefined,
    nearest: [],
  };
  const see = (part: Partial<TenantPicture>): void => {
    picture = { ...picture, ...part };
  };
  let hasBegun = false;
  /** All at the same time: each check then waits for its own. */
  const begin = (): void => {
    hasBegun = true;
    const { row: ofRow, directory: ofDirectory, findings, log: ofLog, letters: ofLetters } = lookUps;
    // What fails is the failure of its check, later.
    for (const lookUp of [ofRow, ofDirectory, findings, ofLog, ofLetters]) lookUp().catch(() => undefined);
  };

  const row: Check = {
    title: `Row of ${tenantId}`,
    run: async () => {
      begin();
      const found = await lookUps.row();
      see({ row: found });
      if (found === null) {
        see({ nearest: await lookUps.nearest() });
        return fail(`there is none in ${context.environment.tenants.table}`);
      }
      const { seen, lastEvent } = found;
      if (seen.kind === "malformed") return fail(`the handler cannot read it: ${seen.problem}`);
      const by = isSetByAnother(seen)
        ? `set by another service; ECS's events say ${seen.row.ecsStatus ?? "nothing"}`
        : lastEvent && `last event ${lastEvent.name} of ${lastEvent.at} (${lastEvent.id})`;
      return pass(
        [
          seen.row.status ?? "no status",
          seen.since && `since ${seen.since}`,
          by,
          lastEvent?.source && `sent by ${lastEvent.source}`,
        ]
          .filter(Boolean)
          .join(", "),
      );
    },
  };

  const memory: Check = {
    title: "Memory",
    run: async () => {
      const steps = (await lookUps.row())?.steps ?? [];
      const kept = steps.filter(({ keptOff }) => keptOff !== undefined).length;
      return pass(`${steps.length} events, ${kept} of them kept off`);
    },
  };

  const ecs: Check = {
    title: "Services",
    run: async () => {
      const services = await lookUps.services();
      see({ services });
      return pass(
        services.length === 0 ? "none found" : services.map(({ serviceArn }) => serviceArn).join(", "),
      );
    },
  };

  const agreement: Check = {
    title: "Row and ECS",
    run: async () => {
      const findings = await lookUps.findings();
      see({ findings });
      const kinds = findings.map(({ kind }) => KINDS[kind]).join(", ");
      const agrees = findings.every(({ kind }) => kind === "agrees" || kind === "kept");
      return agrees && findings.length > 0
        ? pass(kinds)
        : fail(kinds || "there is nothing to compare", KINDS.agrees);
    },
  };

  const letters: Check = {
    title: "Dead letters",
    run: async () => {
      const found = await lookUps.letters();
      see({ letters: found });
      const rest = found.isPartial ? ", of those that were looked at" : "";
      const heldByOthers = describeHeldByOthers(found);
      const count = `${found.letters.length} of ${found.waiting}${rest}`;
      return heldByOthers === undefined ? pass(count) : inconclusive(`${count}; ${heldByOthers}`);
    },
  };

  const directory: Check = {
    title: "Directory",
    run: async () => {
      const items = await lookUps.directory();
      see({ directory: items });
      return pass(`${items.length} services`);
    },
  };

  const log: Check = {
    title: "Log",
    run: async () => {
      const lines = await lookUps.log();
      see({ log: lines });
      return pass(lines.length === 0 ? "no line in the last day" : `${lines.length} last lines`);
    },
  };

  const page = writtenPage(html, () => {
    if (!picture.row) return undefined;
    const { environment } = context.environment;
    const shown = pageOfRow(picture.row.seen);
    const verdict = describeExplanation(judgeTenant(picture, environment));
    return {
      title: `Tenant ${tenantId} in ${environment}`,
      source: `Row of ${context.environment.tenants.table}, with the events that it remembers`,
      asOf: context.clock.now().toISOString(),
      tenants: [{ ...shown, note: [verdict, shown.note].filter(Boolean).join(". ") }],
    };
  });

  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      { runs: "all", checks: [row, memory, ecs, agreement, directory, log, letters, ...page] },
    ],
    result: () => {
      if (!hasBegun) return undefined;
      const verdict = judgeTenant(picture, context.environment.environment);
      return {
        data: { ...picture, verdict: { message: verdict.message, hint: verdict.hint, next: verdict.next } },
        text: (display) => describeTenant(picture, verdict, display),
      };
    },
  };
};

const KINDS = {
  agrees: "agree",
  kept: "rightly differ",
  drift: "disagree",
  without_service: "the tenant has no service",
  contested: "several services claim the tenant",
  malformed: "the row cannot be read",
  ahead: "the row remembers an event of the future",
  unanswered: "ECS did not answer",
  service: "a service",
  tenant_service: "a service of the tenant",
  service_without_tenant: "a service bears its tag, and there is no row",
  row: "a row",
} as const;
