import * as dynamoDbClient from "@aws-sdk/client-dynamodb";
import * as ecsClient from "@aws-sdk/client-ecs";
import { CLUSTER_ARN, serviceAction, serviceArnOf, tagsOf } from "../handler/events.ts";
import { ok, startAwsStub, type StubRequest, type Treatment } from "./aws-stub.ts";
import { type BundleResult, runBundle } from "./lambda.ts";
import { PACKAGES } from "./built-function.ts";

export const SERVICES = ["DynamoDB", "ECS"] as const;
export type Service = (typeof SERVICES)[number];

/** A fault that befalls the requests about one tenant: its first request to a service, or all of them. */
export interface Case {
  readonly tenantId: string;
  readonly service: Service;
  readonly treatment: Treatment;
  readonly lasts: "once" | "always";
}

/** What could be seen of a case from outside. */
export interface Observed {
  readonly operations: readonly string[];
  readonly outcome: BundleResult | undefined;
}

/** Plays the cases, all at once, to a handler in a process of its own, and says what came of each tenant's. */
export const observe = async (handler: string, cases: readonly Case[]): Promise<Map<string, Observed>> => {
  const byTenant = new Map(cases.map((given) => [given.tenantId, { given, operations: Array<string>() }]));
  const treat = (
    service: Service,
    tenantId: string,
    { operation }: StubRequest,
    fine: Treatment,
  ): Treatment => {
    const entry = byTenant.get(tenantId);
    if (entry === undefined) throw new Error(`No case has the tenant ${tenantId}`);
    if (entry.given.service !== service) return fine;
    entry.operations.push(operation);
    return entry.given.lasts === "always" || entry.operations.length === 1 ? entry.given.treatment : fine;
  };
  const tables = await startAwsStub((request) =>
    treat("DynamoDB", tenantOfKey(request), request, ok({ Attributes: { status: { S: "PENDING" } } })),
  );
  const services = await startAwsStub((request) => {
    const tenantId = String(request.body["resourceArn"]).replace(/^.*\/tenant-(.*)-wordpress$/, "$1");
    return treat("ECS", tenantId, request, ok({ tags: tagsOf(tenantId) }));
  });
  try {
    const { outcomes } = await runBundle(
      handler,
      {
        ENVIRONMENT: "dev",
        TENANTS_TABLE: "bbws-tenants-dev",
        CLUSTER_ARN,
        AWS_REGION: "af-south-1",
        AWS_ACCESS_KEY_ID: "AKIATEST",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
        AWS_ENDPOINT_URL_ECS: services.endpoint,
        NODE_PATH: PACKAGES,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      },
      cases.map(({ tenantId, service }) =>
        serviceAction("SERVICE_STEADY_STATE", {
          id: tenantId,
          resources: [serviceArnOf(tenantId)],
          detail: service === "DynamoDB" ? { tags: tagsOf(tenantId) } : {},
        }),
      ),
      { atOnce: true },
    );
    return new Map(
      [...byTenant].map(([tenantId, { operations }], index) => [
        tenantId,
        { operations, outcome: outcomes[index] },
      ]),
    );
  } finally {
    tables.close();
    services.close();
  }
};

const tenantOfKey = ({ body }: StubRequest): string =>
  (body as { Key: { tenant_id: { S: string } } }).Key.tenant_id.S;

/** The names of all exceptions that the SDK has classes for. */
export const exceptionsOf = (service: Service): string[] => {
  const [client, base] =
    service === "DynamoDB"
      ? [dynamoDbClient, dynamoDbClient.DynamoDBServiceException.prototype]
      : [ecsClient, ecsClient.ECSServiceException.prototype];
  return Object.entries(client)
    .filter(([, value]: [string, unknown]) => {
      return (
        typeof value === "function" &&
        Object.prototype.isPrototypeOf.call(base, Object(value.prototype) as object)
      );
    })
    .map(([name]) => name);
};
