import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/**
 * DynamoDB, ECS and STS as far as the benchmarks need them, in a process of their own so that their CPU time is not
 * counted. Every event is in order and every service a tenant's. For reconcile there are as many services as the
 * first argument says, each with a row that agrees. Prints its port.
 *
 * `GET /update` returns the last UpdateItem, `GET /counts` how often each operation was asked for.
 */
const [, , services = "0", accountId = "", cluster = ""] = process.argv;
const total = Number(services);
const arn = (resource: string): string => `arn:aws:ecs:af-south-1:${accountId}:${resource}`;
const serviceArn = (index: number): string => arn(`service/${cluster}/tenant-${index}`);
const tags = (tenantId: string): unknown[] => [
  { key: "bbws:tenant-id", value: tenantId },
  { key: "bbws:environment", value: "dev" },
];
const range = (first: number, length: number): number[] =>
  Array.from({ length: Math.max(0, Math.min(length, total - first)) }, (_, index) => first + index);

const SINCE = "2026-03-01T10:00:00Z";
const LIST_PAGE = 100;
const SCAN_PAGE = 1000;

const describeService = (serviceArn: string): unknown => ({
  serviceArn,
  serviceName: serviceArn.split("/").at(-1),
  clusterArn: arn(`cluster/${cluster}`),
  status: "ACTIVE",
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  deployments: [
    {
      id: "ecs-svc/1234567890123456789",
      status: "PRIMARY",
      rolloutState: "COMPLETED",
      rolloutStateReason: "ECS deployment ecs-svc/1234567890123456789 completed.",
      createdAt: Date.parse(SINCE) / 1000,
      updatedAt: Date.parse(SINCE) / 1000,
    },
  ],
  events: Array.from({ length: 100 }, (_, index) => ({
    id: `8f6c9d2e-0000-4000-8000-${String(index).padStart(12, "0")}`,
    createdAt: Date.parse(SINCE) / 1000,
    message: "(service tenant) has reached a steady state.",
  })),
  tags: tags(`tenant-${serviceArn.split("-").at(-1) ?? ""}`),
});

const row = (index: number): unknown => ({
  tenant_id: { S: `tenant-${index}` },
  status: { S: "ACTIVE" },
  ecs_status: { S: "ACTIVE" },
  status_at: { S: SINCE },
  service_arn: { S: serviceArn(index) },
  events: { M: { SERVICE_STEADY_STATE: { M: { at: { S: SINCE }, id: { S: `event-${index}` } } } } },
});

const directoryItem = (index: number): unknown => ({
  service_arn: { S: serviceArn(index) },
  tenant_id: { S: `tenant-${index}` },
  environment: { S: "dev" },
  learned_at: { S: new Date().toISOString() },
});

const OPERATIONS: Readonly<Record<string, (input: Record<string, unknown>) => unknown>> = {
  UpdateItem: () => ({ Attributes: { status: { S: "ACTIVE" } } }),
  ListTagsForResource: () => ({ tags: tags("acme") }),
  DescribeClusters: () => ({ clusters: [{ status: "ACTIVE", activeServicesCount: total }] }),
  ListServices: ({ nextToken = "0" }) => {
    const first = Number(nextToken);
    const next = first + LIST_PAGE;
    return {
      serviceArns: range(first, LIST_PAGE).map(serviceArn),
      ...(next < total ? { nextToken: String(next) } : {}),
    };
  },
  DescribeServices: ({ services }) => ({
    services: (services as string[]).map(describeService),
    failures: [],
  }),
  Scan: ({ TableName: table, ExclusiveStartKey: start }) => {
    const item = String(table).includes("-services-") ? directoryItem : row;
    const first = (start as { next: { N: string } } | undefined)?.next.N ?? "0";
    const next = Number(first) + SCAN_PAGE;
    return {
      Items: range(Number(first), SCAN_PAGE).map(item),
      ...(next < total ? { LastEvaluatedKey: { next: { N: String(next) } } } : {}),
    };
  },
};

const CALLER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::${accountId}:user/bench</Arn><UserId>AIDATEST</UserId><Account>${accountId}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

const counts: Record<string, number> = {};
let update = "";

const answer = async (
  target: string | undefined,
  url: string | undefined,
  body: Promise<string>,
): Promise<string> => {
  if (url === "/update") return update;
  if (url === "/counts") return JSON.stringify(counts);
  const input = await body;
  if (target === undefined) return CALLER;
  const operation = target.replace(/^.*\./, "");
  counts[operation] = (counts[operation] ?? 0) + 1;
  if (operation === "UpdateItem") update = input;
  return JSON.stringify(OPERATIONS[operation]?.(JSON.parse(input) as Record<string, unknown>) ?? {});
};

const server = createServer((request, response) => {
  void (async () => {
    const target = request.headers["x-amz-target"]?.toString();
    const content = await answer(target, request.url, text(request));
    response.setHeader("content-type", target === undefined ? "text/xml" : "application/x-amz-json-1.0");
    response.end(content);
  })();
}).listen(0, "127.0.0.1", () => {
  console.log((server.address() as AddressInfo).port);
});
