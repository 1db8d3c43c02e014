import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  type ECSClient,
  ListServicesCommand,
  type Service,
} from "@aws-sdk/client-ecs";
import { pMapIterable } from "p-map";
import { ObstacleError } from "../checklist/errors.ts";
import type { RequestPace } from "./request-pace.ts";
import { listenToServerTime } from "./server-time.ts";
import { serviceNameOf } from "./service-arn.ts";

/** What ECS said of a service that it was asked about. */
export type SeenService = {
  readonly serviceArn: string;
  /** A moment certainly before ECS was asked: UTC, whole seconds. */
  readonly at: string;
} & (
  | { readonly kind: "described"; readonly service: Service }
  /** There is no such service. */
  | { readonly kind: "missing" }
  /** ECS could not say, or did not: nothing is known of it. */
  | { readonly kind: "unanswered"; readonly why: string }
);

/** The most that ECS takes in one request. */
const LIST_PAGE = 100;
export const DESCRIBE_BATCH = 10;
/** Enough to use up ECS's 20 DescribeServices a second. More would only fill the memory. */
export const DESCRIBE_CONCURRENCY = 6;

/** The services of one cluster. */
export class ClusterServices {
  readonly #serverTime;
  #listed = 0;

  /** @param pace is asked before each DescribeServices; without one only the client's own throttling slows down. */
  constructor(
    private readonly ecs: ECSClient,
    private readonly clusterArn: string,
    private readonly signal: AbortSignal,
    private readonly pace?: RequestPace,
  ) {
    this.#serverTime = listenToServerTime(ecs);
  }

  /** What time it is by ECS's clock, or a second ago: what events are stamped with. @throws {ObstacleError} before its first answer. */
  now(): Date {
    return new Date(this.#serverTime());
  }

  /** How many were listed so far. */
  get listed(): number {
    return this.#listed;
  }

  /**
   * How many active ones there are, as ECS counts them.
   * @throws {ObstacleError} when there is no such cluster.
   */
  async count(): Promise<number> {
    const { clusters = [] } = await this.ecs.send(
      new DescribeClustersCommand({ clusters: [this.clusterArn] }),
      { abortSignal: this.signal },
    );
    const [cluster] = clusters;
    if (cluster?.status !== "ACTIVE")
      throw new ObstacleError(`there is no active ECS cluster ${this.clusterArn}`);
    return cluster.activeServicesCount ?? 0;
  }

  /** Sees them all, ten at a time, holding only some batches in memory. */
  async *all(): AsyncGenerator<SeenService> {
    for await (const seen of pMapIterable(this.#arnBatches(), (arns) => this.see(arns), {
      concurrency: DESCRIBE_CONCURRENCY,
    }))
      yield* seen;
  }

  /** Sees up to ten services. Each gets an answer of its own: that one cannot be described hides no other. */
  async see(serviceArns: readonly string[]): Promise<SeenService[]> {
    await this.pace?.(this.signal);
    const at = this.#serverTime();
    const { services = [], failures = [] } = await this.ecs.send(
      new DescribeServicesCommand({
        cluster: this.clusterArn,
        services: [...serviceArns],
        include: ["TAGS"],
      }),
      { abortSignal: this.signal },
    );
    const described = new Map(services.map((service) => [serviceNameOf(service.serviceArn ?? ""), service]));
    const failed = new Map(failures.map((failure) => [serviceNameOf(failure.arn ?? ""), failure]));
    return serviceArns.map((serviceArn): SeenService => {
      const name = serviceNameOf(serviceArn);
      const service = described.get(name);
      if (service !== undefined)
        return { kind: "described", serviceArn: service.serviceArn ?? serviceArn, at, service };
      const failure = failed.get(name);
      if (failure?.reason === "MISSING") return { kind: "missing", serviceArn, at };
      const why =
        failure === undefined
          ? "ECS was asked about it and did not answer"
          : `ECS cannot describe it: ${[failure.reason, failure.detail].filter(Boolean).join(", ")}`;
      return { kind: "unanswered", serviceArn, at, why };
    });
  }

  async *#arnBatches(): AsyncGenerator<string[]> {
    let nextToken: string | undefined;
    do {
      const page = await this.ecs.send(
        new ListServicesCommand({ cluster: this.clusterArn, maxResults: LIST_PAGE, nextToken }),
        { abortSignal: this.signal },
      );
      const arns = page.serviceArns ?? [];
      this.#listed += arns.length;
      for (let first = 0; first < arns.length; first += DESCRIBE_BATCH)
        yield arns.slice(first, first + DESCRIBE_BATCH);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
}
