import { expect } from "chai";
import { loadEnvironment } from "../../envs/load.ts";
import { alarmDefinitions } from "../../stacks/alarm-definitions.ts";
import { fleetMetrics } from "../../stacks/fleet-metrics.ts";
import { type Metric, metrics } from "../../stacks/metrics.ts";
import { ok, startAwsStub } from "../build/aws-stub.ts";
import { builtFunction } from "../build/built-function.ts";
import { runBundle } from "../build/lambda.ts";
import { CLUSTER_ARN, serviceAction, tagsOf } from "../handler/events.ts";
import { SCHEDULED, World } from "../reconciler/world.ts";

type Line = Readonly<Record<string, unknown>>;

interface Embedded {
  readonly CloudWatchMetrics: readonly {
    readonly Namespace: string;
    readonly Dimensions: readonly (readonly string[])[];
    readonly Metrics: readonly { readonly Name: string; readonly StorageResolution?: number }[];
  }[];
}

const written = (namespace: string, name: string, dimensions: Readonly<Record<string, unknown>>): string =>
  `${namespace}/${name} ${JSON.stringify(Object.entries(dimensions).sort())}`;

/** What CloudWatch makes of a log line: metrics by namespace, name and the values of their dimensions. */
const metricsOf = (line: Line): readonly string[] =>
  ((line["_aws"] as Embedded | undefined)?.CloudWatchMetrics ?? []).flatMap(
    ({ Namespace, Dimensions, Metrics }) =>
      Metrics.filter(({ Name }) => typeof line[Name] === "number").flatMap(({ Name }) =>
        Dimensions.map((names) =>
          written(Namespace, Name, Object.fromEntries(names.map((name) => [name, line[name]]))),
        ),
      ),
  );

/** Those of ours that no line of the functions feeds. */
const unfed = (watched: readonly Metric[], emitted: ReadonlySet<string>): readonly string[] =>
  watched
    .filter(({ namespace }) => namespace.startsWith("BBWS/"))
    .map(({ namespace, metricName, dimensions }) => written(namespace, metricName, dimensions))
    .filter((metric) => !emitted.has(metric));

describe("The metrics that alarms and dashboard watch", function () {
  this.timeout(120_000);
  const environment = loadEnvironment("dev");
  const emitted = new Set<string>();

  before(async () => {
    const world = await World.create();
    try {
      await world.addTenant("steady", ["DEPLOYMENT_IN_PROGRESS", "SERVICE_STEADY_STATE"], {});
      // The first ends at once, the last meets another's lease.
      const { log } = await world.run();
      const unfinished = await world.run({}, [SCHEDULED], { remainingMs: 40_000 });
      await world.directory.put({
        service_arn: "lease/reconciler",
        lease_holder: "other",
        lease_until: Date.now() + 60_000,
      });
      const aside = await world.run();
      for (const line of [...log, ...unfinished.log, ...aside.log])
        for (const metric of metricsOf(line)) emitted.add(metric);
    } finally {
      await world.close();
    }
    const { bundlePath } = await builtFunction();
    const stub = await startAwsStub(() => ok({ Attributes: { status: { S: "PROVISIONING" } } }));
    try {
      const { log } = await runBundle(
        bundlePath,
        {
          ENVIRONMENT: "dev",
          TENANTS_TABLE: "bbws-tenants-dev",
          CLUSTER_ARN,
          AWS_REGION: "af-south-1",
          AWS_ACCESS_KEY_ID: "AKIATEST",
          AWS_SECRET_ACCESS_KEY: "secret",
          AWS_ENDPOINT_URL_DYNAMODB: stub.endpoint,
        },
        ["dev", "prod"].map((name) =>
          serviceAction("SERVICE_STEADY_STATE", { resources: [], detail: { tags: tagsOf("acme", name) } }),
        ),
      );
      for (const line of log) for (const metric of metricsOf(line)) emitted.add(metric);
    } finally {
      stub.close();
    }
  });

  const ofAlarms = Object.values(alarmDefinitions(environment)).flatMap((definition): Metric[] => {
    const single =
      definition.metricName === undefined
        ? []
        : [
            {
              namespace: definition.namespace,
              metricName: definition.metricName,
              dimensions: definition.dimensions,
            },
          ];
    return [...single, ...(definition.metricQuery ?? []).flatMap(({ metric }) => metric ?? [])].map(
      ({ namespace = "", metricName, dimensions = {} }) => ({
        namespace,
        metricName,
        dimensions,
        stat: "Sum",
      }),
    );
  });
  const ofDashboard = [metrics(environment), fleetMetrics(environment)]
    .flatMap((each): unknown[] => Object.values(each))
    .flat();

  it("are fed by the lines of the built functions, with exactly these dimensions", () => {
    expect(unfed(ofAlarms, emitted)).to.deep.equal([]);
    expect(unfed(ofDashboard as readonly Metric[], emitted)).to.deep.equal([]);
    expect(ofAlarms.filter(({ namespace }) => namespace.startsWith("BBWS/"))).to.have.length.of.at.least(5);
  });

  it("would be missed with another namespace, name, dimension or value", () => {
    for (const metric of ofAlarms.filter(({ namespace }) => namespace.startsWith("BBWS/")))
      for (const broken of [
        { ...metric, namespace: "BBWS/Other" },
        { ...metric, metricName: `${metric.metricName}s` },
        { ...metric, dimensions: {} },
        { ...metric, dimensions: { ...metric.dimensions, FunctionName: "f" } },
        { ...metric, dimensions: { ...metric.dimensions, Environment: "sit" } },
      ])
        expect(unfed([broken], emitted), JSON.stringify(broken)).to.have.lengthOf(1);
  });
});
