import { recordedSection } from "../storm/recorded-section.ts";
import { type BenchmarkRun, FIGURE_HEAD, figureRows, machineInWords } from "./benchmark-run.ts";
import { figuresTable } from "./figures-table.ts";
import type { PlayCosts } from "./measure-play.ts";
import { DUMP_TENANTS } from "./operator-dump.ts";
import { figuresOfPlay, PLAY_HEAD, playRows } from "./play-figures.ts";

/** The section of docs/performance.md about npm start: `npm run bench -- --docs` writes it, too. */
export const PLAY_SECTION = recordedSection("npm run bench", "--play --docs");

export const playSection = (run: BenchmarkRun, play: PlayCosts): string =>
  PLAY_SECTION.enclose(`## npm start

Recorded by \`npm run bench -- --play --docs\` on ${machineInWords({ ...run, runtimes: [] })}, Node ${process.versions.node}:
\`npm start -- --events FILE --json --timings\`, files of events of ${DUMP_TENANTS} tenants, each ${timesInWords(play.rounds)}. Of ten events
one starts a deployment, which asks ECS and the directory of services, too, and one comes a second time.

${figuresTable(FIGURE_HEAD, figureRows(figuresOfPlay(play)))}

${figuresTable(PLAY_HEAD, playRows(play))}

The containers are processes, one for each processor, that run the built function as
Lambda would; \`npm start\` itself reads the file, has the table, is ECS, and prints. The function's requests are the SDK's own, signed and
with its retries and timeouts, but without HTTP, which was more than a third of what an event cost. A container is lent the row of the
event's tenant, and answers for it as DynamoDB itself. Most of what is left is the function itself. A container's first few thousand events cost up to twice as much as the later ones, until its code
is compiled: hence the small file. Before this was measured, the load average was ${play.loadBefore.toFixed(1)}: on a machine that has other
things to do, there is less time for events, and each costs more of it.`);

const timesInWords = (rounds: number): string =>
  rounds === 1 ? "once" : `${rounds} times, of which the medians are shown`;
