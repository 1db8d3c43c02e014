import picocolors from "picocolors";
import type { Display } from "../../checklist/display.ts";
import { fitLines } from "../../checklist/fit-lines.ts";
import { visibleText } from "../../checklist/visible.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import type { HandlerLogLine } from "../aws/cloudwatch/log-lines.ts";

/** A line of the log for people: time, level, tenant, event, what happened, request. */
export const logCells = (line: HandlerLogLine): readonly string[] => [
  line.time,
  line.level,
  line.tenantId ?? line.serviceArn?.split("/").at(-1) ?? "",
  line.event ?? "",
  [
    line.reason === undefined ? line.text : `${line.reason}: ${line.text}`,
    ...(line.source === undefined ? [] : [`sent by ${line.source}`]),
  ].join(", "),
  line.requestId ?? "",
];

/** The same as one line of text, for a log that is read as it comes: what is longer than its column moves the rest. In a narrow terminal it goes on below. */
export const describeLogLine = (line: HandlerLogLine, { columns, color }: Display): string => {
  const { red, yellow, dim } = picocolors.createColors(color);
  const paint = { ERROR: red, WARN: yellow }[line.level] ?? String;
  const [time = "", level = "", tenant = "", event = "", what = "", request = ""] =
    logCells(line).map(visibleText);
  const text = [
    time,
    paint(level.padEnd(LEVEL_WIDTH)),
    tenant.padEnd(TENANT_WIDTH),
    event.padEnd(EVENT_WIDTH),
    paint(what),
    dim(request),
  ]
    .join("  ")
    .trimEnd();
  return fitLines(text, columns);
};

const LEVEL_WIDTH = "ERROR".length;
const TENANT_WIDTH = 12;
const EVENT_WIDTH = Math.max(...transitionTable.names.map(({ length }) => length));
