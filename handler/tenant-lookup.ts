import type { DirectoryReading } from "./directory-item.ts";
import type { EventNotes } from "./event-notes.ts";
import { planLookUp, planWriteBack } from "./look-up-plan.ts";
import { createServiceMemory, isWithin } from "./service-memory.ts";
import type { ServiceTags } from "./service-tags.ts";
import type { ServicesDirectory } from "./services-directory.ts";
import type { TenantTags } from "./tenant-tags.ts";

/**
 * Finds out whose a service is; undefined when ECS does not know the service (any more).
 * @param startsDeployment whether the event that asks starts a deployment.
 * @throws {TagLookupError} when ECS cannot answer about a service of which nothing is known.
 */
export type TenantLookup = (serviceArn: string, startsDeployment: boolean) => Promise<TenantTags | undefined>;

export interface TenantLookupContext {
  readonly askEcs: ServiceTags;
  /** Undefined: what ECS says is only remembered while the container is warm. */
  readonly directory: ServicesDirectory | undefined;
  readonly environment: string;
  readonly now: () => Date;
  readonly notes: Pick<EventNotes, "add">;
  readonly maxEntries?: number;
}

/** Once ECS has failed, containers that know the service another way leave it to those that do not. */
const REST_MS = 30 * 1000;

/**
 * Looks up in this order: the container's memory, the directory, ECS. An event that starts a deployment asks ECS first.
 * What is known counts, however old, where ECS cannot be asked.
 *
 * Only services that have a tenant are remembered, so that a tag added to a service counts from its next event on.
 */
export const createTenantLookup = ({
  askEcs,
  directory,
  environment,
  now,
  notes,
  maxEntries = 1000,
}: TenantLookupContext): TenantLookup => {
  const memory = createServiceMemory(maxEntries);
  let ecsFailedAt: number | undefined;

  const correct = async (
    serviceArn: string,
    reading: DirectoryReading,
    answer: TenantTags | undefined,
  ): Promise<void> => {
    const { tags, contradicted } = planWriteBack(reading, answer, environment, now().getTime());
    if (contradicted !== undefined) {
      // Stryker disable next-line OptionalChaining: a service that is gone contradicts nothing; for the compiler
      const now = answer?.tenantId ?? "none";
      notes.add(
        "DirectoryItemsRejected",
        `it named the tenant ${contradicted} for ${serviceArn}, ECS names ${now}`,
      );
    }
    // Stryker disable next-line OptionalChaining: what was read came from a directory; for the compiler
    if (tags !== undefined) await directory?.write(serviceArn, tags);
  };

  return async (serviceArn, startsDeployment) => {
    const time = now().getTime();
    const ecsRests = isWithin(REST_MS, ecsFailedAt, time);
    const remembered = memory.get(serviceArn, time);
    if (remembered !== undefined && (!startsDeployment || ecsRests || directory === undefined)) {
      return remembered.tags;
    }

    const reading = await directory?.read(serviceArn);
    const known = reading?.kind === "known" ? reading.service : remembered;
    const plan = planLookUp({ known, startsDeployment, ecsRests, now: time });
    if (known !== undefined && (plan === "use_known" || plan === "make_do")) {
      // What one had to make do with is not remembered: the next event is another occasion to ask ECS.
      if (plan === "use_known") memory.set(serviceArn, known.tags, time);
      return known.tags;
    }

    let answer: TenantTags | undefined;
    try {
      answer = await askEcs(serviceArn, plan === "ask_once" ? "once" : "with_retries");
    } catch (error) {
      ecsFailedAt = now().getTime();
      if (known === undefined) throw error;
      return known.tags;
    }
    if (answer?.tenantId === undefined) memory.delete(serviceArn);
    else memory.set(serviceArn, answer, time);
    // A directory that could not be read is not written either: that would fail, too, and take its time.
    if (reading !== undefined) await correct(serviceArn, reading, answer);
    return answer;
  };
};
