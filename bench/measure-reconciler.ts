import { dirname, join } from "node:path";
import { buildHandlerArtifact } from "../build/handler-artifact.ts";
import { bundleSettings } from "../build/bundle-settings.ts";
import { loadEnvironment } from "../envs/load.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { startBackgroundProgram } from "./background-program.ts";
import { HEAP_OF_A_FUNCTION } from "./measure-variants.ts";
import { measureProgram } from "./measure-programs.ts";
import { bundle } from "./variants.ts";
import { WORK } from "./work.ts";

/** What a run of the scheduled reconciler costs, by the number of services. */
export interface ReconcilerCosts {
  readonly services: number;
  /** Start to end, with the waits for ECS's limits. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** At most, ever, with the heap of a 256 MB function. */
  readonly rssMegabytes: number;
}

const RECONCILER_SERVICES = [10_000, 50_000] as const;

/** Runs the built function on stubs of ECS and DynamoDB: all rows agree, as they do in nearly every run. */
export const measureReconciler = async (path: string): Promise<readonly ReconcilerCosts[]> => {
  const usage = await bundle("bench/report-usage.ts", "report-usage", bundleSettings);
  const runner = await bundle("bench/run-reconciler.ts", "run-reconciler", bundleSettings);
  const stub = await bundle("bench/aws-stub.ts", "aws-stub", bundleSettings);
  const { bundlePath } = await buildHandlerArtifact(join(WORK, "reconciler"));
  const dev = loadEnvironment("dev");
  const names = resourceNames(dev);
  const costs: ReconcilerCosts[] = [];
  for (const services of RECONCILER_SERVICES) {
    const aws = startBackgroundProgram(process.execPath, [
      stub,
      String(services),
      dev.accountId,
      dev.cluster,
    ]);
    try {
      const ran = await measureProgram(
        process.execPath,
        [...HEAP_OF_A_FUNCTION, "--require", usage, runner, join(dirname(bundlePath), "reconciler.js")],
        {
          PATH: path,
          AWS_ENDPOINT_URL: `http://127.0.0.1:${await aws.firstLine()}`,
          AWS_ACCESS_KEY_ID: "AKIATEST",
          AWS_SECRET_ACCESS_KEY: "secret",
          AWS_REGION: dev.region,
          ENVIRONMENT: dev.environment,
          TENANTS_TABLE: dev.tenants.table,
          SERVICES_TABLE: names.servicesTableName,
          CLUSTER_ARN: names.clusterArn,
          HANDLER_ALIAS_ARN: names.aliasArn,
          REPAIR: "true",
          FUSE_TENANTS: "10",
          FUSE_PERCENT: "20",
        },
      );
      const last = ran.output.trimEnd().split("\n").at(-1) ?? "";
      const { answer, seconds } = JSON.parse(last) as { answer: Record<string, unknown>; seconds: number };
      if (answer["status"] !== "reconciled" || answer["agreeing"] !== services)
        throw new Error(`The reconciler did not find ${services} rows that agree: ${last}`);
      costs.push({ services, seconds, cpuSeconds: ran.cpuSeconds, rssMegabytes: ran.rssMegabytes });
    } finally {
      await aws.stop();
    }
  }
  return costs;
};
