import { ServiceError } from "./local-aws.ts";

type Input = Readonly<Record<string, unknown>>;

/** What a test says of a service; ECS times are seconds since 1970. */
export interface LocalService {
  readonly name: string;
  readonly tenantId?: string;
  readonly environment?: string;
  readonly status?: string;
  readonly rolloutState?: string;
  readonly rolloutStateReason?: string;
  readonly runningCount?: number;
  readonly desiredCount?: number;
  readonly createdAt?: string;
  readonly updatedAt?: string;
  /** Besides the two of the tenant. */
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  /** ECS's own messages, newest first. */
  readonly events?: readonly { readonly message: string; readonly createdAt: string }[];
}

const CLUSTER = "arn:aws:ecs:af-south-1:536580886816:cluster/bbws-cluster-dev";
const arnOf = (name: string): string =>
  `arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/${name}`;
const MAX_DESCRIBED = 10;

/** A cluster's services, in the words of the ECS API. */
export class LocalEcs {
  readonly services = new Map<string, LocalService>();
  /** The requests, by action. */
  readonly requests: { readonly action: string; readonly input: Input }[] = [];
  /** Called with each request; may throw, or change what there is. */
  beforeAnswer: (action: string, input: Input) => void = () => undefined;

  add(...services: readonly LocalService[]): void {
    for (const service of services) this.services.set(service.name, service);
  }

  answer(action: string, input: Input): object {
    this.requests.push({ action, input });
    this.beforeAnswer(action, input);
    switch (action) {
      case "DescribeClusters":
        return {
          clusters: [{ clusterArn: CLUSTER, status: "ACTIVE", activeServicesCount: this.#active }],
        };
      case "ListServices":
        return this.#list(Number(input["nextToken"] ?? 0), Number(input["maxResults"] ?? 10));
      case "DescribeServices":
        return this.#describe(input["services"] as string[], input["include"] as string[] | undefined);
      default:
        throw new ServiceError("UnknownOperationException", action);
    }
  }

  get #active(): number {
    return [...this.services.values()].filter(({ status = "ACTIVE" }) => status === "ACTIVE").length;
  }

  #list(first: number, count: number): object {
    // Services that are gone are described for a while, but not listed.
    const listed = [...this.services.values()].filter(({ status }) => status !== "INACTIVE");
    return {
      serviceArns: listed.slice(first, first + count).map(({ name }) => arnOf(name)),
      ...(first + count < listed.length ? { nextToken: String(first + count) } : {}),
    };
  }

  #describe(arns: readonly string[], include: readonly string[] = []): object {
    if (arns.length > MAX_DESCRIBED)
      throw new ServiceError("InvalidParameterException", "Services cannot have more than 10 elements");
    const found = arns.map((arn) => ({ arn, service: this.services.get(arn.split("/").at(-1) ?? "") }));
    return {
      services: found.flatMap(({ service }) =>
        service === undefined ? [] : [describeService(service, include.includes("TAGS"))],
      ),
      failures: found
        .filter(({ service }) => service === undefined)
        .map(({ arn }) => ({ arn, reason: "MISSING" })),
    };
  }
}

const describeService = (service: LocalService, withTags: boolean): object => {
  const { name, tenantId, environment = "dev", status = "ACTIVE" } = service;
  const { runningCount = 1, desiredCount = 1, rolloutState = "COMPLETED", rolloutStateReason } = service;
  const { createdAt = "2026-03-01T10:00:00.500Z", updatedAt = "2026-03-01T10:05:00.250Z" } = service;
  return {
    serviceArn: arnOf(name),
    serviceName: name,
    status,
    runningCount,
    desiredCount,
    events: (service.events ?? []).map(({ message, createdAt: told }) => ({
      message,
      createdAt: Date.parse(told) / 1000,
    })),
    deployments:
      status === "ACTIVE"
        ? [
            {
              id: "ecs-svc/1",
              status: "PRIMARY",
              rolloutState,
              rolloutStateReason,
              createdAt: Date.parse(createdAt) / 1000,
              updatedAt: Date.parse(updatedAt) / 1000,
            },
          ]
        : [],
    ...(withTags && tenantId !== undefined
      ? {
          tags: [
            { key: "bbws:tenant-id", value: tenantId },
            { key: "bbws:environment", value: environment },
            ...(service.tags ?? []),
          ],
        }
      : {}),
  };
};
