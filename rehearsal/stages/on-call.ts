import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DisableRuleCommand } from "@aws-sdk/client-eventbridge";
import { StopTaskCommand } from "@aws-sdk/client-ecs";
import { UpdateAliasCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { type Check, type Finding, judge, pass } from "../../checklist/check.ts";
import type { DriftReport } from "../../ci/drift/drift-report.ts";
import type { Report } from "../../checklist/report.ts";
import type { Stage } from "../../checklist/stage.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { changeSources } from "../builds.ts";
import type { Place, RehearsalContext } from "../context.ts";
import { judgeExit } from "../judge-exit.ts";
import { createPrerequisites } from "../prerequisites.ts";
import { createTenant, putRow, readStatuses, serviceArnOf } from "../tenants.ts";
import { judgeLiveVersion } from "../versions.ts";
import { ServiceEvents } from "./ecs-events.ts";

const DOWN = "site-is-down";
const FAILING = ["fails-to-deploy-1", "fails-to-deploy-2"];
const BAD = "bad-row";
const GOOD = "good-row";

/** A week of incidents: for each the commands of the runbook's troubleshooting, and what they have to find. */
export const onCall = (context: RehearsalContext, place: Place): Stage => {
  const { environment, account } = place;
  const name = environment.environment;
  const { aws } = account;
  const names = resourceNames(environment);
  const eventsOf = (tenantId: string) => new ServiceEvents(environment, serviceArnOf(place, tenantId));
  const secondsAgo = (seconds: number): number => Math.floor(Date.now() / 1000) - seconds;
  const steady = (tenantId: string, ago: number) =>
    eventsOf(tenantId).serviceAction("SERVICE_STEADY_STATE", secondsAgo(ago));

  const report = async (args: string): Promise<Report> => {
    const { stdout } = await context.ops(place, `${args} --json`);
    return JSON.parse(stdout) as Report;
  };
  const verdictOf = async (tenantId: string): Promise<{ says: string; next: string; seconds: string }> => {
    const startedAt = performance.now();
    const { result } = await report(`tenant ${name} ${tenantId}`);
    const { verdict } = result as { verdict: { message: string; next?: string } };
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    return { says: verdict.message, next: verdict.next ?? "", seconds: `told in ${seconds} s` };
  };
  /** The check of that title: its outcome and what it found. */
  const lineOf = ({ checks }: Report, title: RegExp): string =>
    checks
      .filter((check) => title.test(check.title))
      .map(({ title: found, outcome, found: what }) => `${found}: ${outcome}, ${what}`)
      .join("; ") || `no check like ${String(title)}`;
  const finds = (title: string, args: string, check: RegExp, expected: RegExp): Check => ({
    title,
    run: async () => {
      const line = lineOf(await report(args), check);
      return judge(expected.test(line), line, String(expected));
    },
  });
  const ops = (args: string, exitCode = 0): Check => ({
    title: `ops ${args}`,
    run: async () => judgeExit(await context.ops(place, args), exitCode),
  });
  const judgeStatuses = async (expected: Readonly<Record<string, string>>): Promise<Finding> => {
    const found = JSON.stringify(await readStatuses(place, Object.keys(expected)));
    return judge(found === JSON.stringify(expected), found, JSON.stringify(expected));
  };

  return {
    title: "On call",
    runs: "until-failure",
    checks: [
      {
        title: "An environment with tenants",
        run: async () => {
          await createPrerequisites(place);
          const bucket = judgeExit(
            await context.cdktf(place, `deploy state-${name} access-${name} --auto-approve`),
          );
          if (bucket.outcome !== "pass") return bucket;
          const deployed = judgeExit(await context.ops(place, `deploy ${name} --reason rehearsed`));
          if (deployed.outcome !== "pass") return deployed;
          const tenants = [DOWN, ...FAILING, BAD, GOOD];
          for (const tenantId of tenants) await createTenant(place, tenantId);
          await context.send(
            place,
            tenants.map((tenantId) => steady(tenantId, 1800)),
          );
          return judgeStatuses(Object.fromEntries(tenants.map((tenantId) => [tenantId, "ACTIVE"])));
        },
      },
      {
        title: `a. A site is down, and its row says ACTIVE: ops tenant ${name} says why, in one command`,
        run: async () => {
          const task = `service/tenant-${DOWN}`;
          const reason = "was unable to place a task.";
          await aws.ecs.send(new StopTaskCommand({ cluster: environment.cluster, task, reason }));
          const { says, next, seconds } = await verdictOf(DOWN);
          return judge(
            /^The row says ACTIVE .* but ECS says FAILED .*/.test(says) && next.includes("reconcile"),
            `${says} (${seconds})`,
            "the row says ACTIVE, but ECS says FAILED; reconcile is next",
          );
        },
      },
      ops(`reconcile ${name} --tenant ${DOWN} --apply --reason "site is down"`),
      {
        title: "Its row is right, and says that an operator's event wrote it",
        run: async () => {
          const { says, seconds } = await verdictOf(DOWN);
          const isTold = /^The row and ECS agree: FAILED .*, sent by operator /.test(says);
          return judge(isTold, `${says} (${seconds})`, "FAILED, sent by an operator");
        },
      },
      {
        title: `b. Deployments fail: ops tenants ${name} --status FAILED lists whose`,
        run: async () => {
          await context.send(
            place,
            FAILING.map((tenantId) =>
              eventsOf(tenantId).deployment(
                "SERVICE_DEPLOYMENT_FAILED",
                secondsAgo(60),
                `ecs-svc/${tenantId}`,
                "ECS deployment circuit breaker: tasks failed to start.",
              ),
            ),
          );
          const { result } = await report(`tenants ${name} --status FAILED`);
          const { tenants } = result as { tenants: { tenantId: string }[] };
          const found = tenants.map(({ tenantId }) => tenantId).sort();
          const expected = [...FAILING, DOWN].sort();
          return judge(String(found) === String(expected), found.join(", "), expected.join(", "));
        },
      },
      {
        title: `c. One tenant's row is spoilt, its events are parked: ops tenant ${name} says what is wrong with it`,
        run: async () => {
          await putRow(place, BAD, { status: "ACTIVE", events: "spoilt" });
          await context.send(place, [steady(BAD, 30), steady(GOOD, 30)]);
          const { says, next, seconds } = await verdictOf(BAD);
          return judge(
            says.startsWith("The handler cannot read the row") && next.includes("dlq replay"),
            `${says} (${seconds})`,
            "the handler cannot read the row; dlq replay is next",
          );
        },
      },
      ops(`dlq peek ${name} --filter tenant=${BAD}`),
      {
        title: "Once the row is corrected, a replay of its events makes it right",
        run: async () => {
          await putRow(place, BAD, { status: "PENDING" });
          const args = `dlq replay ${name} --filter tenant=${BAD} --apply --reason "row corrected"`;
          const replayed = judgeExit(await context.ops(place, args));
          return replayed.outcome === "pass"
            ? judgeStatuses({ [BAD]: "ACTIVE", [GOOD]: "ACTIVE" })
            : replayed;
        },
      },
      {
        title: "d. A rule is off",
        run: async () => {
          const { serviceAction } = names.ruleNames;
          await aws.eventBridge.send(new DisableRuleCommand({ Name: serviceAction }));
          return pass(`${serviceAction} is disabled`);
        },
      },
      finds(`ops verify ${name} says which`, `verify ${name}`, /service-action state/, /: fail, DISABLED$/),
      {
        title: `ci drift ${name} reports it: its plan would enable the rule again, and change nothing else`,
        run: async () => {
          const looked = judgeExit(
            await context.step(place, `exec node --import tsx ci/main.ts drift ${name}`),
          );
          if (looked.outcome !== "pass") return looked;
          const file = join(place.workspace, "dist", "drift", `${name}.json`);
          const { markdown } = JSON.parse(await readFile(file, "utf8")) as DriftReport;
          const planned = markdown.split("\n").filter((line) => line.includes("aws_"));
          return judge(
            planned.length === 1 && RULE_STATE.test(planned[0] ?? ""),
            planned.join("; ") || "no change",
            "a change of the rule's state",
          );
        },
      },
      {
        title: "The next deployment enables it again",
        run: async () => {
          await changeSources(place, "second");
          return judgeExit(await context.ops(place, `deploy ${name} --reason "the rule was off"`));
        },
      },
      finds(`ops verify ${name}`, `verify ${name}`, /service-action state/, /: pass, ENABLED$/),
      {
        title: "e. A lock is left behind",
        run: async () => {
          await aws.s3.send(new PutObjectCommand({ ...lock(), Body: LEFT_BEHIND }));
          return pass("in the state bucket");
        },
      },
      finds(
        `ops preflight ${name} says whose, and since when`,
        `preflight ${name}`,
        /State lock/,
        /: fail, someone else is at work: kim@laptop, OperationTypeApply, since 2026-01-01T00:00:00\.000Z/,
      ),
      {
        title: "Once it is removed, preflight finds nothing",
        run: async () => {
          await aws.s3.send(new DeleteObjectCommand(lock()));
          return judgeExit(await context.ops(place, `preflight ${name}`));
        },
      },
      {
        title: "f. Somebody has given a version a share by hand",
        run: async () => {
          await aws.lambda.send(
            new UpdateAliasCommand({
              FunctionName: names.functionName,
              Name: names.aliasName,
              FunctionVersion: "1",
              RoutingConfig: { AdditionalVersionWeights: { "2": 0.25 } },
            }),
          );
          return pass("a quarter goes to version 2");
        },
      },
      finds(
        `ops status ${name} shows it`,
        `status ${name}`,
        /^Live$/,
        /75 % to version 1, 25 % to version 2/,
      ),
      finds(`ops verify ${name} fails`, `verify ${name}`, /^Alias latest/, /: fail, 75 % to version 1/),
      ops(`rollback ${name} --reason "shares by hand"`),
      finds(`ops verify ${name}, afterwards`, `verify ${name}`, /^Alias latest/, /: pass, version 1$/),
      {
        title: "g. Somebody has put the alias on $LATEST",
        run: async () => {
          await aws.lambda.send(
            new UpdateAliasCommand({
              FunctionName: names.functionName,
              Name: names.aliasName,
              FunctionVersion: "$LATEST",
            }),
          );
          const line = lineOf(await report(`status ${name}`), /^Live$/);
          return judge(line.includes("$LATEST, which is no version"), line, "$LATEST, which is no version");
        },
      },
      ops(`release ${name} --again --reason "off $LATEST"`),
      { title: "The newest version is live, whole", run: () => judgeLiveVersion(place, "2") },
    ],
  };

  function lock(): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: names.stateBucketName, Key: `${names.stateKey}.tflock` };
  }
};

/** A row of a plan for people. */
const RULE_STATE = /^\| change \| `aws_cloudwatch_event_rule\.\S+` \| `state` \|$/;

/** As Terraform writes it. */
const LEFT_BEHIND = JSON.stringify({
  ID: "11111111-2222-3333-4444-555555555555",
  Operation: "OperationTypeApply",
  Who: "kim@laptop",
  Created: "2026-01-01T00:00:00Z",
});
