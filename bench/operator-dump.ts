import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { createHash } from "node:crypto";
import { EVENT } from "./event.ts";

export const DUMP_TENANTS = 500;

/** What a service goes through, over and over. Of ten events one starts a deployment, and one comes again. */
const STORY = [
  "SERVICE_DEPLOYMENT_IN_PROGRESS",
  "SERVICE_DEPLOYMENT_COMPLETED",
  "SERVICE_STEADY_STATE",
  "SERVICE_DESIRED_COUNT_UPDATED",
  "SERVICE_STEADY_STATE",
  "SERVICE_TASK_START_IMPAIRED",
  "SERVICE_STEADY_STATE",
  "SERVICE_DESIRED_COUNT_UPDATED",
  "SERVICE_STEADY_STATE",
] as const;

/** The services that go through it at the same time. */
const AT_ONCE = 25;
const EVENT_MS = 400;
const BEGIN = Date.UTC(2026, 2, 1);

/** Events as an operator has them, a line each, without end: of 500 tenants, in the order of their times, some of them twice. */
export function* operatorDump(): Generator<string> {
  let count = 0;
  for (let round = 0; ; round++)
    for (let first = 0; first < DUMP_TENANTS; first += AT_ONCE) {
      let lines: string[] = [];
      for (const eventName of STORY) {
        lines = Array.from({ length: AT_ONCE }, (_, index) =>
          JSON.stringify(eventOf(eventName, first + index, round, count++)),
        );
        yield* lines;
      }
      yield* lines;
    }
}

const eventOf = (eventName: string, tenant: number, round: number, number: number): object => {
  const time = `${new Date(BEGIN + number * EVENT_MS).toISOString().slice(0, 19)}Z`;
  const deploymentId = `ecs-svc/${round * DUMP_TENANTS + tenant}`;
  const isDeployment = eventName.includes("DEPLOYMENT");
  return {
    ...EVENT,
    id: uuidOf(number),
    "detail-type": isDeployment ? "ECS Deployment State Change" : EVENT["detail-type"],
    time,
    resources: [`${EVENT.resources[0].replace(/acme$/, "")}${tenant}-wordpress`],
    detail: isDeployment
      ? {
          eventType: "INFO",
          eventName,
          deploymentId,
          updatedAt: time,
          reason: `ECS deployment ${deploymentId}.`,
        }
      : { ...EVENT.detail, eventName, createdAt: time },
  };
};

/** The same for the same number. */
const uuidOf = (number: number): string =>
  createHash("sha256")
    .update(String(number))
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

/** @returns how many events there are in so many bytes. */
export const writeOperatorDump = async (path: string, bytes: number): Promise<number> => {
  const file = createWriteStream(path);
  let [written, events] = [0, 0];
  for (const line of operatorDump()) {
    if (written >= bytes) break;
    written += line.length + 1;
    events++;
    if (!file.write(`${line}\n`)) await once(file, "drain");
  }
  file.end();
  await finished(file);
  return events;
};
