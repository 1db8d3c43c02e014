import { setTimeout as wait } from "node:timers/promises";
import type { Place, RehearsalContext } from "../context.ts";
import { createTenant, readStatuses, serviceArnOf } from "../tenants.ts";
import { ServiceEvents } from "./ecs-events.ts";

/** One event after the other, each about a tenant of its own, so that one that is lost shows. */
export const startableEvents = (context: RehearsalContext, place: Place) => {
  const tenants: string[] = [];
  let isRunning = false;
  let running = Promise.resolve();
  const run = async (): Promise<void> => {
    while (isRunning && !context.parts.signal.aborted) {
      const tenantId = `moves-${tenants.length}`;
      await createTenant(place, tenantId);
      const service = new ServiceEvents(place.environment, serviceArnOf(place, tenantId));
      await context.send(place, [
        service.serviceAction("SERVICE_STEADY_STATE", Math.floor(Date.now() / 1000)),
      ]);
      tenants.push(tenantId);
      await wait(500);
    }
  };
  return {
    start: (): void => {
      isRunning = true;
      // Told by `stop`: when a check before it fails, the emulator goes away under the stream.
      running = run();
      running.catch(() => undefined);
    },
    /** Waits until so many more have been sent. */
    sent: async (count: number): Promise<void> => {
      const before = tenants.length;
      while (tenants.length < before + count && !context.parts.signal.aborted) await wait(200);
    },
    stop: async (): Promise<number> => {
      isRunning = false;
      await running;
      return tenants.length;
    },
    wrong: async (): Promise<readonly string[]> =>
      Object.entries(await readStatuses(place, tenants))
        .filter(([, status]) => status !== "ACTIVE")
        .map(([tenantId]) => tenantId),
  };
};
