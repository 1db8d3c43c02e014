import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  type ECSClient,
  ListServicesCommand,
  type Service,
} from "@aws-sdk/client-ecs";
import { pMapIterable } from "p-map";
import { ObstacleError } from "../checklist/errors.ts";
import { listenToServerTime } from "./server-time.ts";

/** A service as ECS described it; without a description when ECS does not know it. */
export interface SeenService {
  readonly serviceArn: string;
  readonly service: Service | undefined;
  /** A moment certainly before ECS was asked: UTC, whole seconds. */
  readonly at: string;
}

/** The most that ECS takes in one request. */
const LIST_PAGE = 100;
export const DESCRIBE_BATCH = 10;
/**
 * ECS allows 100 DescribeServices at once and 20 a second after that, and the client slows down when throttled: four at
 * a time meet that limit as soon as an answer takes less than a fifth of a second. More would only fill the memory.
 */
export const DESCRIBE_CONCURRENCY = 4;

/** The services of one cluster. */
export class ClusterServices {
  readonly #serverTime;

  constructor(
    private readonly ecs: ECSClient,
    private readonly clusterArn: string,
    private readonly signal: AbortSignal,
  ) {
    this.#serverTime = listenToServerTime(ecs);
  }

  /** What time it is by ECS's clock, or a second ago: what events are stamped with. @throws {ObstacleError} before its first answer. */
  now(): Date {
    return new Date(this.#serverTime());
  }

  /**
   * How many there are, about.
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

  /** Sees up to ten services. */
  async see(serviceArns: readonly string[]): Promise<SeenService[]> {
    const at = this.#serverTime();
    const { services = [], failures = [] } = await this.ecs.send(
      new DescribeServicesCommand({
        cluster: this.clusterArn,
        services: [...serviceArns],
        include: ["TAGS"],
      }),
      { abortSignal: this.signal },
    );
    const missing = failures.filter(({ reason }) => reason === "MISSING");
    const [failure] = failures.filter(({ reason }) => reason !== "MISSING");
    if (failure !== undefined)
      throw new ObstacleError(`ECS cannot describe ${failure.arn ?? "a service"}: ${failure.reason ?? "?"}`);
    return [
      ...services.map((service) => ({ serviceArn: service.serviceArn ?? "", service, at })),
      ...missing.map(({ arn = "" }) => ({ serviceArn: arn, service: undefined, at })),
    ];
  }

  async *#arnBatches(): AsyncGenerator<string[]> {
    let nextToken: string | undefined;
    do {
      const page = await this.ecs.send(
        new ListServicesCommand({ cluster: this.clusterArn, maxResults: LIST_PAGE, nextToken }),
        { abortSignal: this.signal },
      );
      const arns = page.serviceArns ?? [];
      for (let first = 0; first < arns.length; first += DESCRIBE_BATCH)
        yield arns.slice(first, first + DESCRIBE_BATCH);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
}
