import { expect } from "chai";
import { loadEnvironment } from "../../envs/load.ts";
import { addresses, resourceAt, synthesizeEventHandler } from "./synthesized.ts";

const dev = synthesizeEventHandler(loadEnvironment("dev"));
const all = addresses(dev);

/** What Terraform creates before a resource, and destroys after it: what it names, and what those name. */
const before = (address: string, found = new Set<string>()): ReadonlySet<string> => {
  for (const other of all)
    if (!found.has(other) && other !== address && mentions(address, other)) {
      found.add(other);
      before(other, found);
    }
  return found;
};

const mentions = (address: string, other: string): boolean =>
  !address.startsWith("data.") &&
  new RegExp(`\\b${other.replace(".", "\\.")}(?![\\w-])`).test(JSON.stringify(resourceAt(dev, address)));

describe("the order of creation", () => {
  for (const id of ["service-action", "deployment-state-change"]) {
    it(`lets events of ${id} flow once they can be processed, retried and parked`, () => {
      expect([...before(`aws_cloudwatch_event_target.${id}-target`)]).to.include.members([
        `aws_lambda_permission.${id}-permission`,
        "aws_lambda_function_event_invoke_config.alias-invoke-config",
        "aws_sqs_queue_policy.dead-letter-queue-policy",
        "aws_iam_role_policy.function-role-policy",
        "aws_cloudwatch_log_group.log-group",
        "aws_dynamodb_table.services-table",
      ]);
    });

    it(`ends with the target of ${id}, which a destruction therefore takes away first`, () => {
      const after = all.filter(
        (address) =>
          !address.startsWith("data.") && before(address).has(`aws_cloudwatch_event_target.${id}-target`),
      );
      expect(after).to.deep.equal([]);
    });
  }

  it("starts the schedule once a run can be made, and is not retried", () => {
    expect([...before("aws_scheduler_schedule.schedule")]).to.include.members([
      "aws_iam_role_policy.schedule-role-policy",
      "aws_iam_role_policy.reconciler-role-policy",
      "aws_lambda_function_event_invoke_config.reconciler-invoke-config",
    ]);
  });
});
