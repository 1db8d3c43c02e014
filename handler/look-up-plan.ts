import type { KnownService, DirectoryReading } from "./directory-item.ts";
import type { TenantTags } from "./tenant-tags.ts";

/**
 * How to find out whose a service is: by what is known; by what is known, for want of an answer from ECS; by asking ECS
 * once, as what is known can stand in for an answer; or by asking ECS with all its retries.
 */
export type LookUpPlan = "use_known" | "make_do" | "ask_once" | "ask_with_retries";

export interface Situation {
  readonly known: KnownService | undefined;
  /** The service's name may have been re-used for another tenant. */
  readonly startsDeployment: boolean;
  /** ECS failed a moment ago. */
  readonly ecsRests: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const HOUR_MS = 60 * 60 * 1000;
/** What is younger counts without asking ECS. */
const MAX_AGE_MS = 24 * HOUR_MS;
/** What is older is written again when ECS confirms it: what is asked for daily then never reaches MAX_AGE_MS. */
const REFRESH_AGE_MS = 12 * HOUR_MS;

export const planLookUp = ({ known, startsDeployment, ecsRests, now }: Situation): LookUpPlan => {
  if (known === undefined) return "ask_with_retries";
  if (!startsDeployment && now - known.learnedAt < MAX_AGE_MS) return "use_known";
  return ecsRests ? "make_do" : "ask_once";
};

/** What ECS's answer means for the directory. */
export interface WriteBack {
  /** What to write, tags without a tenant for a service that has none; undefined when the item stays. */
  readonly tags: TenantTags | undefined;
  /** The tenant that the directory named and ECS does not. */
  readonly contradicted: string | undefined;
}

/**
 * Only tenants of this environment are written; of any other service the directory only forgets what it said.
 * @param answer what ECS said; undefined when it does not know the service (any more).
 */
export const planWriteBack = (
  reading: DirectoryReading,
  answer: TenantTags | undefined,
  environment: string,
  now: number,
): WriteBack => {
  const known = reading.kind === "known" ? reading.service : undefined;
  // Late events of a service that is gone still are its tenant's.
  if (known !== undefined && answer === undefined) return { tags: undefined, contradicted: undefined };
  if (answer?.tenantId === undefined || answer.environment !== environment) {
    return { tags: reading.kind === "vacant" ? undefined : {}, contradicted: known?.tags.tenantId };
  }
  const isConfirmed = known?.tags.tenantId === answer.tenantId;
  const isFresh = isConfirmed && now - known.learnedAt < REFRESH_AGE_MS;
  return {
    tags: isFresh ? undefined : answer,
    contradicted: isConfirmed ? undefined : known?.tags.tenantId,
  };
};
