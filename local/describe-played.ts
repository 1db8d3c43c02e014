import type { Answer, IgnoredReason } from "../handler/answer.ts";
import { parseServiceArn } from "./arns.ts";
import { describePosition, type Position } from "./input/event-stream.ts";
import type { Failure, PlayedEntry } from "./played-entry.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";

/** A played entry on one line: when, whose, what, and what became of it. */
export const describePlayed = ({ position, glance, tenantId, result }: PlayedEntry, style: Style): string => {
  const subject = tenantId ?? parseServiceArn(glance.serviceArn ?? "")?.serviceName ?? "-";
  const eventName = ("event" in result ? result.event : glance.name) ?? "-";
  return [
    style.faint(column(glance.time ?? describePosition(position), 20)),
    column(subject, 12),
    column(eventName, 30),
    describeResult(result, position, style),
  ].join("  ");
};

const column = (text: string, width: number): string => printable(text, 60).padEnd(width);

const describeResult = (result: Answer | Failure, position: Position, style: Style): string => {
  switch (result.status) {
    case "success":
      return result.changed
        ? `${statusOf(result.previousStatus, style)} → ${statusOf(result.tenantStatus, style)}`
        : `stays ${statusOf(result.tenantStatus, style)}`;
    case "ignored":
      return style.faint(
        `ignored: ${result.reason}${NEEDS_MENDING.has(result.reason) ? ` (${printable(result.message, 200)})` : ""}`,
      );
    case "failed":
      return style.alarming(
        `failed at ${describePosition(position)}: ${printable(`${result.error.name}: ${result.error.message}`, 300)}`,
      );
  }
};

const statusOf = (status: string | undefined, style: Style): string =>
  status === undefined ? "(none)" : style.status(printable(status, 60));

/** The reasons whose message says what to fix; the others need no message. */
const NEEDS_MENDING: ReadonlySet<IgnoredReason> = new Set([
  "no_tenant_tag",
  "environment_mismatch",
  "unknown_tenant",
  "service_not_found",
]);
