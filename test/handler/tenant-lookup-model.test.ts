import { expect } from "chai";
import fc from "fast-check";
import { readItem, writeItem } from "../../handler/directory-item.ts";
import type { Item } from "../../handler/item.ts";
import { TagLookupError } from "../../handler/errors.ts";
import { createEventNotes } from "../../handler/event-notes.ts";
import type { Persistence } from "../../handler/service-tags.ts";
import { createTenantLookup, type TenantLookup } from "../../handler/tenant-lookup.ts";
import type { TenantTags } from "../../handler/tenant-tags.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SERVICES = ["arn:a", "arn:b"] as const;

/** Whose a service is in truth; undefined when ECS does not know it. */
const truths: readonly (TenantTags | undefined)[] = [
  { tenantId: "one", environment: "dev" },
  { tenantId: "two", environment: "dev" },
  { tenantId: "one", environment: "prod" },
  {},
  undefined,
];

type Step =
  | { readonly kind: "event"; readonly container: number; readonly service: number; readonly starts: boolean }
  | { readonly kind: "pass"; readonly milliseconds: number }
  | { readonly kind: "ecs"; readonly works: boolean }
  | { readonly kind: "directory"; readonly works: boolean }
  | { readonly kind: "truth"; readonly service: number; readonly truth: number }
  | { readonly kind: "spoil"; readonly service: number; readonly item: Item };

const service = fc.nat({ max: SERVICES.length - 1 });
const event: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant("event" as const),
  container: fc.nat({ max: 1 }),
  service,
  starts: fc.boolean(),
});
const spoilt: fc.Arbitrary<Item> = fc.constantFrom<Item[]>(
  {},
  { learned_at: { S: "2026-01-01T00:00:00Z" }, tenant_id: { N: "7" }, environment: { S: "dev" } },
  { learned_at: { S: "2026-01-01T00:00:00Z" }, tenant_id: { S: "wrong" }, environment: { S: "prod" } },
  { learned_at: { S: "9999-01-01T00:00:00Z" }, tenant_id: { S: "wrong" }, environment: { S: "dev" } },
  { learned_at: { NULL: true }, tenant_id: { S: "wrong" }, environment: { S: "dev" } },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: event },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      // Backwards, too: clocks are set.
      milliseconds: fc.constantFrom(
        1,
        SECOND,
        29 * SECOND,
        30 * SECOND,
        5 * MINUTE,
        12 * HOUR,
        24 * HOUR,
        -SECOND,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("ecs" as const), works: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("directory" as const), works: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("truth" as const),
      service,
      truth: fc.nat({ max: truths.length - 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("spoil" as const), service, item: spoilt }) },
);

interface Change {
  readonly at: number;
  readonly truth: TenantTags | undefined;
}

/** Two containers, a directory, and an ECS, with what they were asked. */
class ModelWorld {
  now = Date.parse("2026-03-01T10:00:00Z");
  ecsWorks = true;
  directoryWorks = true;
  readonly items = new Map<string, Item>();
  readonly history = new Map<string, Change[]>(
    SERVICES.map((arn) => [arn, [{ at: -Infinity, truth: truths[0] }]]),
  );
  asked: Persistence[] = [];
  readonly lastFailure = [-Infinity, -Infinity];
  readonly containers: readonly TenantLookup[] = [0, 1].map((container) =>
    createTenantLookup({
      askEcs: (arn, persistence) => {
        this.asked.push(persistence);
        if (this.ecsWorks) return Promise.resolve(this.truthOf(arn));
        this.lastFailure[container] = this.now;
        return Promise.reject(new TagLookupError(arn, new Error("Rate exceeded")));
      },
      directory: {
        read: (arn) =>
          Promise.resolve(this.directoryWorks ? readItem(this.items.get(arn), "dev", this.now) : undefined),
        write: (arn, tags) => {
          if (this.directoryWorks) this.items.set(arn, writeItem(arn, tags, this.now));
          return Promise.resolve();
        },
      },
      environment: "dev",
      now: () => new Date(this.now),
      notes: createEventNotes(),
    }),
  );

  truthOf(arn: string): TenantTags | undefined {
    return this.history.get(arn)?.at(-1)?.truth;
  }
  known(arn: string): boolean {
    return this.directoryWorks && readItem(this.items.get(arn), "dev", this.now).kind === "known";
  }
}

const judgeEvent = async (
  world: ModelWorld,
  { container, service, starts }: Step & { kind: "event" },
): Promise<void> => {
  const arn = SERVICES[service] ?? "";
  const lookUp = world.containers[container];
  if (lookUp === undefined) throw new Error("no such container");
  const failedAt = world.lastFailure[container] ?? -Infinity;
  const rests = failedAt <= world.now && world.now < failedAt + 30 * SECOND;
  const wasKnown = world.known(arn);
  world.asked = [];
  const outcome = await lookUp(arn, starts).then(
    (tags) => ({ tags }),
    (error: unknown) => ({ error }),
  );

  if ("error" in outcome) {
    expect(outcome.error).to.be.instanceOf(TagLookupError);
    expect(world.ecsWorks, "only ECS fails a look-up").to.equal(false);
    expect(wasKnown, "and only of a service that is not known").to.equal(false);
    expect(world.asked).to.deep.equal(["with_retries"]);
    return;
  }
  const { tags } = outcome;
  const changes = world.history.get(arn) ?? [];
  expect(tags?.tenantId, "a spoilt item is never believed").not.to.equal("wrong");
  expect(
    changes.map(({ truth }) => truth),
    "what is said of a service was so once",
  ).to.deep.include(tags);
  expect(world.asked.length, "ECS is asked at most once for an event").to.be.at.most(1);
  if (rests && wasKnown) expect(world.asked, "ECS is left alone").to.deep.equal([]);
  if (wasKnown)
    expect(world.asked, "and without retries where one can make do").not.to.include("with_retries");
  if (starts && world.ecsWorks && !rests) {
    expect(tags, "a start has the truth").to.deep.equal(world.truthOf(arn));
    expect(world.asked).to.have.length(1);
  }
  if (world.asked.length > 0 && world.ecsWorks && world.directoryWorks && tags?.environment === "dev") {
    const reading = readItem(world.items.get(arn), "dev", world.now);
    expect(reading, "what ECS said is in the directory").to.have.deep.nested.property("service.tags", tags);
    const learnedAt = reading.kind === "known" ? reading.service.learnedAt : -Infinity;
    expect(world.now - learnedAt, "and not long ago").to.be.below(12 * HOUR);
  }
  if (!starts && world.ecsWorks && !rests) {
    const lastBefore = changes.filter(
      ({ at }) => at <= world.now - 24 * HOUR - 5 * MINUTE - SECOND * changes.length,
    );
    const since = changes.slice(Math.max(0, lastBefore.length - 1));
    expect(
      since.map(({ truth }) => truth),
      "what is believed was true within a day and five minutes",
    ).to.deep.include(tags);
  }
};

describe("tenant look-up, whatever happens", () => {
  it("keeps its promises in every sequence of events, faults, ages and clocks", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const world = new ModelWorld();
        for (const step of steps) {
          switch (step.kind) {
            case "event":
              await judgeEvent(world, step);
              break;
            case "pass":
              world.now += step.milliseconds;
              break;
            case "ecs":
              world.ecsWorks = step.works;
              break;
            case "directory":
              world.directoryWorks = step.works;
              break;
            case "truth":
              world.history
                .get(SERVICES[step.service] ?? "")
                ?.push({ at: world.now, truth: truths[step.truth] });
              break;
            case "spoil":
              world.items.set(SERVICES[step.service] ?? "", step.item);
              break;
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("reads any item without throwing, and writes items that it reads", () => {
    const value = fc.oneof(
      fc.record({ S: fc.string() }),
      fc.record({ N: fc.integer().map(String) }),
      fc.constant({ NULL: true as const }),
      fc.record({ BOOL: fc.boolean() }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom("service_arn", "tenant_id", "environment", "learned_at", "else"),
          value,
        ),
        fc.integer({ min: 0, max: 4e12 }),
        (item, now) => {
          expect(readItem(item, "dev", now).kind).to.be.oneOf(["vacant", "rejected", "known"]);
          const tags = { tenantId: "acme", environment: "dev" };
          expect(readItem(writeItem("arn", tags, now), "dev", now)).to.deep.equal({
            kind: "known",
            service: { tags, learnedAt: now },
          });
        },
      ),
    );
  });
});
