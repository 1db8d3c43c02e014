import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { judge, pass } from "../../checklist/check.ts";
import type { Environment } from "../../envs/environment.ts";
import type { Stage } from "../../checklist/stage.ts";
import { takeInventory } from "../inventory.ts";
import { liveCodeSha256, liveVersion } from "../versions.ts";
import type { Place, RehearsalContext } from "../context.ts";
import { judgeExit } from "../judge-exit.ts";

/** From dev to sit by way of the gate, and no further: the gate to prod refuses. */
export const promotion = (context: RehearsalContext): Stage => {
  const { dev, sit, prod } = context;
  const zip = join(dev.workspace, "dist", "handler.zip");
  // sit has no tenants here, and no day to spare.
  const gateToProd = (args: string) =>
    context.ops(sit, `gate to-prod --zip ${zip} --allow-idle --lookback 1m --json ${args}`);
  return {
    title: "Promotion",
    runs: "until-failure",
    checks: [
      {
        title: "ops gate to-sit refuses dev, where events have failed",
        run: async () => judgeExit(await context.ops(dev, `gate to-sit --zip ${zip}`), 1),
      },
      {
        title: "ops gate --max-errors 1000 --lookback 1m, for this once, lets it through",
        run: async () => {
          const gate = `gate to-sit --zip ${zip} --max-errors 1000 --lookback 1m --allow-idle`;
          const early = await context.ops(dev, gate);
          // On a fast machine its version went live less than a minute ago.
          const [, passesAt] = /passes at (\S+Z)/.exec(early.stdout) ?? [];
          if (passesAt === undefined) return judgeExit(early);
          await wait(Math.max(0, Date.parse(passesAt) - Date.now()) + 1000, undefined, {
            signal: context.parts.signal,
          });
          return judgeExit(await context.ops(dev, gate));
        },
      },
      {
        title: "ops deploy sit, of the zip that dev runs",
        run: async () =>
          judgeExit(await context.ops(sit, "deploy sit --reason promotion", { HANDLER_ZIP: zip })),
      },
      {
        title: "Both run the same code",
        run: async () => {
          const [inDev, inSit] = [await liveCodeSha256(dev), await liveCodeSha256(sit)];
          return judge(inDev === inSit, `CodeSha256 ${inSit}`, `CodeSha256 ${inDev}`);
        },
      },
      {
        title: "ops gate to-prod refuses a sit that has just been released",
        run: async () => {
          await setMaintenanceWindow(sit, prod.environment, EVERY_DAY);
          const { exitCode, stdout } = await context.ops(
            sit,
            `gate to-prod --zip ${zip} --allow-idle --confirm-window --json`,
          );
          return judgeFailures(exitCode, stdout, ["Live for 24 h"]);
        },
      },
      {
        title: "sit has been live for a minute",
        run: async () => {
          await wait(61_000, undefined, { signal: context.parts.signal });
          return pass("waited");
        },
      },
      {
        title: "ops gate to-prod refuses outside the maintenance window",
        run: async () => {
          await setMaintenanceWindow(sit, prod.environment, otherDay());
          const { exitCode, stdout } = await gateToProd("--confirm-window");
          return judgeFailures(exitCode, stdout, ["Maintenance window of prod"]);
        },
      },
      {
        title: "ops gate to-prod refuses a window that nobody confirms",
        run: async () => {
          await setMaintenanceWindow(sit, prod.environment, EVERY_DAY);
          const { exitCode, stdout } = await gateToProd("");
          return judgeFailures(exitCode, stdout, ["Maintenance window approved"]);
        },
      },
      {
        title: "ops gate to-prod lets a quiet sit through, in the window",
        run: async () => judgeFailures(...outcomeOf(await gateToProd("--confirm-window")), []),
      },
      {
        title: "ops gate to-prod refuses on errors",
        run: async () => {
          const malformed = join(context.parts.folder, "malformed.json");
          await writeFile(malformed, "{}");
          for (let time = 0; time < 6; time++) await context.ops(sit, `invoke sit --event ${malformed}`);
          const { exitCode, stdout } = await gateToProd("--confirm-window");
          return judgeFailures(exitCode, stdout, ["Errors in the last 1 min"]);
        },
      },
      {
        title: "Nothing of all this has touched prod's account",
        run: async () => {
          const before = context.inventories.get("prod") ?? "";
          const now = await takeInventory(prod);
          return judge(now === before, now === before ? "as it was" : now, before);
        },
      },
      {
        title: "sit's alias is at its first version, whatever happened in dev",
        run: async () => {
          const version = await liveVersion(sit);
          return judge(version === "1", `version ${version}`, "version 1");
        },
      },
    ],
  };
};

const outcomeOf = ({ exitCode, stdout }: { exitCode: number; stdout: string }): [number, string] => [
  exitCode,
  stdout,
];

const judgeFailures = (exitCode: number, stdout: string, expected: readonly string[]) => {
  const { checks } = JSON.parse(stdout) as { checks: { title: string; outcome: string }[] };
  const failed = checks
    .filter(({ outcome }) => outcome !== "pass" && outcome !== "skip")
    .map(({ title }) => title);
  const describe = (code: number, titles: readonly string[]): string =>
    `exit code ${code}, refused by: ${titles.join(", ") || "nothing"}`;
  return judge(
    exitCode === (expected.length === 0 ? 0 : 1) && failed.join() === expected.join(),
    describe(exitCode, failed),
    describe(expected.length === 0 ? 0 : 1, expected),
  );
};

type Days = Environment["maintenanceWindows"][number]["days"];

const EVERY_DAY: Days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** A day that neither today nor tomorrow is. */
const otherDay = (): Days => {
  const name = EVERY_DAY[(new Date().getUTCDay() + 2) % 7];
  return name === undefined ? [] : [name];
};

/** In the copy of the sources: whether the rehearsal itself runs in a window must not matter. */
const setMaintenanceWindow = async (place: Place, environment: Environment, days: Days): Promise<void> => {
  const path = join(place.workspace, "envs", `${environment.environment}.json`);
  const file = JSON.parse(await readFile(path, "utf8")) as object;
  await writeFile(
    path,
    JSON.stringify({ ...file, maintenanceWindows: [{ days, from: "00:00", to: "24:00" }] }),
  );
};
