import { paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeClustersCommand } from "@aws-sdk/client-ecs";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { isForbidden, isNotFound } from "../aws/explain-error.ts";
import { type Check, fail, judge, pass, skip } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { boundaryInPlace } from "./functions-boundary.ts";
import { tenantsTable } from "./tenants-table.ts";

/** What a deployment finds in the account and does not create. */
export const prerequisites = (context: Context): readonly Check[] => {
  const { aws, environment, names, signal } = context;
  return [
    tenantsTable(context),
    {
      title: `Cluster ${environment.cluster}`,
      run: async () => {
        const { clusters = [] } = await aws.ecs.send(
          new DescribeClustersCommand({ clusters: [names.clusterArn] }),
          { abortSignal: signal },
        );
        const status = clusters[0]?.status ?? "no such cluster";
        return judge(status === "ACTIVE", status, "ACTIVE");
      },
    },
    {
      title: `State bucket ${names.stateBucketName}`,
      run: async () => {
        try {
          await aws.s3.send(
            new HeadBucketCommand({
              Bucket: names.stateBucketName,
              // Buckets' names are everyone's: another account may have taken this one.
              ExpectedBucketOwner: environment.accountId,
            }),
            { abortSignal: signal },
          );
          return pass("there", "there");
        } catch (error) {
          if (isForbidden(error))
            return {
              ...fail(
                `a bucket of this name that account ${environment.accountId} does not own or may not see`,
                "there",
              ),
              hint: "Buckets' names are everyone's: if it is someone else's, change stateBucketName in envs/resource-names.ts",
            };
          if (!isNotFound(error)) throw error;
          return fail(
            `no such bucket; create it: npx cdktf deploy state-${environment.environment}`,
            "there",
          );
        }
      },
    },
    ...boundaryInPlace(context),
    ...[names, names.reconciler].map(({ logGroupName: name }) => ({
      title: `Log group ${name}`,
      run: async () => {
        for await (const { logGroups = [] } of paginateDescribeLogGroups(
          { client: aws.cloudWatchLogs },
          { logGroupNamePrefix: name },
          { abortSignal: signal },
        )) {
          const group = logGroups.find(({ logGroupName }) => logGroupName === name);
          if (group !== undefined)
            return pass(`there, keeps logs ${describeRetention(group.retentionInDays)}`);
        }
        return skip("not there yet: the first deployment creates it");
      },
    })),
  ];
};

const describeRetention = (days: number | undefined): string =>
  days === undefined ? "forever" : `for ${days} days`;
