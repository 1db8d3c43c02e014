import type { Explanation } from "../../checklist/errors.ts";
import { FAILED_STATUS } from "../aws/failed-tenants.ts";
import { quoteForShell } from "../quote-for-shell.ts";
import { isSetByAnother, type TenantPicture } from "./tenant-picture.ts";

/** Says in one sentence why the tenant is as it is, and which command comes next. Pure. */
export const judgeTenant = (picture: TenantPicture, environment: string): Explanation => {
  const { tenantId, row, findings, letters } = picture;
  const id = quoteForShell(tenantId);
  const command = (rest: string): string => `npm run ops -- ${rest}`;
  const replay = command(`dlq replay ${environment} --filter tenant=${id}`);
  const parked = letters?.letters.length ?? 0;

  if (row === null)
    return {
      message: `There is no row for ${tenantId}: its events are ignored as unknown_tenant`,
      hint: picture.nearest.length === 0 ? "Look for it" : `Did you mean ${picture.nearest.join(", ")}?`,
      next: command(`tenants ${environment}`),
    };
  if (row === undefined)
    return {
      message: `The row cannot be read; ${ecsSays(picture)}`,
      next: command(`verify ${environment}`),
    };
  const { seen } = row;
  if (seen.kind === "malformed")
    return {
      message: `The handler cannot read the row (${seen.problem}): each event of the tenant fails and is parked`,
      hint: "Correct the row, then send the events again",
      next: replay,
    };
  const says = `${seen.row.status ?? "no status"}${seen.since === undefined ? "" : ` since ${seen.since}`}`;
  const by = isSetByAnother(seen)
    ? ", set by another service"
    : row.lastEvent === undefined
      ? ""
      : `, by ${row.lastEvent.name} of ${row.lastEvent.at}${row.lastEvent.source === undefined ? "" : `, sent by ${row.lastEvent.source}`}`;
  const [finding] = findings ?? [];
  switch (finding?.kind) {
    case undefined:
      return {
        message: `The row says ${says}${by}; ECS cannot be asked, so nobody can say whether it is still true`,
        next: command(`verify ${environment}`),
      };
    case "ahead":
      return {
        message: `The row remembers an event of the future, so that nothing that happens counts: ${finding.why}`,
        next: command(`forget-future ${environment} --tenant ${id} --reason "..."`),
      };
    case "contested":
      return {
        message: `${finding.serviceArns.length} services claim the tenant: ${finding.serviceArns.join(", ")}`,
        hint: "Take the tag bbws:tenant-id from all but one, then",
        next: command(`tenant ${environment} ${id}`),
      };
    case "without_service":
      return {
        message: `The tenant has no service: ${finding.why}`,
        hint: "Look at the tags of its service, then",
        next: command(`tenant ${environment} ${id}`),
      };
    case "unanswered":
      return {
        message: `The row says ${says}${by}; ${finding.why}`,
        next: command(`tenant ${environment} ${id}`),
      };
    case "drift": {
      const { verdict } = finding.drift.observation;
      const disagree = `The row says ${says}${by}, but ECS says ${verdict.rule.status} (${verdict.says})`;
      return parked > 0
        ? { message: `${disagree}: ${parked} of its events are dead letters`, next: replay }
        : {
            message: `${disagree}: an event was lost, or ECS never sent one`,
            next: command(`reconcile ${environment} --tenant ${id} --apply`),
          };
    }
    case "agrees":
    case "kept":
    case "malformed":
    case "row":
    case "service":
    case "service_without_tenant":
    case "tenant_service": {
      const agree =
        finding.kind === "kept"
          ? `The row says ${says}${by}, and rightly differs from ECS: ${ecsSays(picture)}`
          : `The row and ECS agree: ${says}${by}; ${ecsSays(picture)}`;
      if (parked > 0) return { message: `${agree}; ${parked} of its events are dead letters`, next: replay };
      return seen.row.status === FAILED_STATUS
        ? {
            message: agree,
            hint: "Deploy the service again once its tasks can start, and follow what happens",
            next: command(`tenants ${environment} --status ${FAILED_STATUS} --watch`),
          }
        : { message: agree };
    }
  }
};

/** `1 of 2 tasks running in tenant-acme-wordpress`, with what ECS said last of a service that is not well. */
const ecsSays = ({ services }: TenantPicture): string => {
  if (services === undefined) return "ECS cannot be asked";
  const said = services.flatMap((seen) => {
    if (seen.kind !== "described") return [];
    const {
      serviceName = "",
      status = "",
      runningCount = 0,
      desiredCount = 0,
      deployments = [],
    } = seen.service;
    const reason = deployments.find((deployment) => deployment.status === "PRIMARY")?.rolloutStateReason;
    const message = runningCount < desiredCount ? seen.service.events?.[0]?.message : undefined;
    const why = [reason, message].filter(Boolean).join("; ");
    return [
      `${serviceName} is ${status}, ${runningCount} of ${desiredCount} tasks running${why === "" ? "" : ` (${why})`}`,
    ];
  });
  return said.join("; ") || "no such service is in the cluster";
};
