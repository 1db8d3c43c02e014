import { setImmediate as nextDrawing } from "node:timers/promises";
import {
  DefaultRenderer,
  Listr,
  type ListrDefaultRendererLogLevels,
  ListrLogger,
  ProcessOutput,
} from "listr2";
import type { Check, Finding, Progress } from "./check.ts";
import { describeFinding, describeProgress, describeReport } from "./check-line.ts";
import type { Display } from "./display.ts";
import { draw } from "./draw.ts";
import { fitLines } from "./fit-lines.ts";
import type { Reporter } from "./reporter.ts";
import { type ListedCheck, listChecks } from "./stage.ts";
import { visibleText } from "./visible.ts";

/** A live list: a spinner on what runs, a bar below what is long, a mark on what is done. */
export const createTerminalReporter = (
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  color: boolean,
): Reporter => {
  // Asked each time: a window may change its size.
  const display = (): Display => ({ columns: stdout.columns, color });
  const inList = (): Display => ({ columns: stdout.columns - LIST_MARGIN, color });
  const fit = (line: string): string =>
    // listr2 breaks what is wider, wherever it is.
    fitLines(line, inList().columns, { hanging: 0, wideWords: "broken" });
  const rows = new Map<Check, TaskRow>();
  /** Kept back while the list is drawn, unless they go to a place of their own. */
  const auditLines: string[] = [];
  let drawn: Promise<unknown> = Promise.resolve();

  return {
    begin: (stage) => {
      const tasks = listChecks(stage).map((listed) => {
        const row = new TaskRow();
        rows.set(listed.check, row);
        const title = titleOf(listed);
        return {
          title: fit(title),
          task: async (_context: unknown, task: ListrTask) => {
            // listr2 hears of a row's output once it has drawn the row.
            await nextDrawing();
            row.onProgress((progress) => {
              const view = progress.view ?? progress.news ?? progress.notice;
              task.output = view === undefined ? fit(describeProgress(progress)) : draw(view, inList());
            });
            const finding = await row.finding;
            const line = fit(describeFinding({ title }, finding));
            task.title = line;
            switch (finding.outcome) {
              case "pass":
                return;
              case "fail":
              case "mistake":
                throw new Error(line);
              case "inconclusive":
                task.skip(fit(`inconclusive: ${describeFinding({ title }, finding)}`));
                return;
              case "skip":
                task.skip(line);
            }
          },
        };
      });
      drawn = new Listr(tasks, {
        concurrent: false,
        exitOnError: false,
        // Ctrl-C is the command's own business: it says what was done.
        registerSignalListeners: false,
        renderer: TerminalRenderer,
        rendererOptions: {
          showErrorMessage: false,
          suffixSkips: false,
          logger: new ListrLogger<ListrDefaultRendererLogLevels>({
            processOutput: new ProcessOutput(stdout, stderr),
          }),
        },
      }).run();
    },
    started: () => undefined,
    progressed: ({ check }, progress) => rows.get(check)?.progress(progress),
    finished: ({ check }, finding) => rows.get(check)?.finish(finding),
    audit: (line) => {
      if (stderr.isTTY) auditLines.push(line);
      else stderr.write(`${line}\n`);
    },
    end: async (report, result) => {
      await drawn;
      if (result?.listsAudited !== true) for (const line of auditLines) stderr.write(`${line}\n`);
      const text = result === undefined ? "" : draw(result.text, display());
      if (text !== "") stdout.write(`\n${text}\n\n`);
      stdout.write(`${fitLines(describeReport(report), stdout.columns)}\n`);
    },
  };
};

/** What listr2 puts before a line, and leaves free. */
const LIST_MARGIN = 4;

/** Draws once for all that changes at a time: listr2 measures the whole list each time, which long findings make slow. */
class TerminalRenderer extends DefaultRenderer {
  /** Whether this is a terminal has been decided before; listr2 would look at the process's own streams. */
  static override nonTTY = true;

  #due: NodeJS.Immediate | undefined;
  /** The rows of the latest drawing as listr2 has broken them into lines, and those of the one under way. */
  #linesBefore = new Map<string, string[]>();
  #lines = new Map<string, string[]>();

  override create(options?: Parameters<DefaultRenderer["create"]>[0]): string {
    this.#linesBefore = this.#lines;
    this.#lines = new Map();
    return super.create(options);
  }

  /** To measure a row is slow, and few change from one drawing to the next. */
  protected override format(message: string, icon: string, level: number): string[] {
    const row = JSON.stringify([message, icon, level, process.stdout.columns]);
    const lines = this.#linesBefore.get(row) ?? super.format(message, icon, level);
    this.#lines.set(row, lines);
    return lines;
  }

  override update(): void {
    this.#due ??= setImmediate(() => {
      this.#due = undefined;
      super.update();
    });
  }

  override end(): void {
    clearImmediate(this.#due);
    super.end();
  }
}

interface ListrTask {
  title: string;
  output: string;
  skip(message: string): void;
}

/** What the list and the checklist, which run apart, have in common. */
class TaskRow {
  finish: (finding: Finding) => void = () => undefined;
  readonly finding = new Promise<Finding>((resolve) => {
    this.finish = resolve;
  });

  #latest: Progress | undefined;
  #show: (progress: Progress) => void = () => undefined;

  progress(progress: Progress): void {
    this.#latest = progress;
    this.#show(progress);
  }

  /** The list may come to a row later than the checklist. */
  onProgress(show: (progress: Progress) => void): void {
    this.#show = show;
    if (this.#latest !== undefined) show(this.#latest);
  }
}

const titleOf = ({ stage, check: { title } }: ListedCheck): string =>
  visibleText(stage === undefined ? title : `${stage}: ${title}`);
