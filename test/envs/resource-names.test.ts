import { expect } from "chai";
import { loadEnvironment } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";

describe("resourceNames", () => {
  it("are those that operators know", () => {
    expect(resourceNames(loadEnvironment("prod"))).to.deep.include({
      functionName: "bbws-ecs-event-handler-prod",
      aliasName: "latest-prod",
      aliasArn: "arn:aws:lambda:af-south-1:093646564004:function:bbws-ecs-event-handler-prod:latest-prod",
      logGroupName: "/aws/lambda/bbws-ecs-event-handler-prod",
      deadLetterQueueName: "bbws-ecs-events-dlq-prod",
      alarmNamePrefix: "bbws-ecs-event-handler-prod-",
      stateBucketName: "bbws-terraform-state-prod",
      stateKey: "ecs-event-handler/prod/terraform.tfstate",
      clusterArn: "arn:aws:ecs:af-south-1:093646564004:cluster/bbws-cluster-prod",
      tenantsTableArn: "arn:aws:dynamodb:af-south-1:093646564004:table/bbws-tenants-prod",
      servicesTableName: "bbws-ecs-event-handler-services-prod",
      servicesTableArn: "arn:aws:dynamodb:af-south-1:093646564004:table/bbws-ecs-event-handler-services-prod",
      deployRoleArn: "arn:aws:iam::093646564004:role/bbws-github-actions-role-prod",
      readRoleArn: "arn:aws:iam::093646564004:role/bbws-github-actions-read-role-prod",
      planRoleArn: "arn:aws:iam::093646564004:role/bbws-github-actions-plan-role-prod",
      reconciler: {
        functionName: "bbws-ecs-reconciler-prod",
        functionArn: "arn:aws:lambda:af-south-1:093646564004:function:bbws-ecs-reconciler-prod",
        aliasArn: "arn:aws:lambda:af-south-1:093646564004:function:bbws-ecs-reconciler-prod:latest-prod",
        roleName: "bbws-ecs-reconciler-prod-role",
        roleArn: "arn:aws:iam::093646564004:role/bbws-ecs-reconciler-prod-role",
        logGroupName: "/aws/lambda/bbws-ecs-reconciler-prod",
        logGroupArn: "arn:aws:logs:af-south-1:093646564004:log-group:/aws/lambda/bbws-ecs-reconciler-prod",
        scheduleName: "bbws-ecs-reconciler-prod",
        scheduleArn: "arn:aws:scheduler:af-south-1:093646564004:schedule/default/bbws-ecs-reconciler-prod",
        scheduleGroupArn: "arn:aws:scheduler:af-south-1:093646564004:schedule-group/default",
        scheduleRoleName: "bbws-ecs-reconciler-prod-schedule-role",
        scheduleRoleArn: "arn:aws:iam::093646564004:role/bbws-ecs-reconciler-prod-schedule-role",
      },
    });
  });

  it("have the rules found by the runbook's search for ecs-event-handler", () => {
    const { ruleNames } = resourceNames(loadEnvironment("dev"));
    expect(Object.values(ruleNames)).to.have.lengthOf(2);
    for (const name of Object.values(ruleNames)) expect(name).to.include("ecs-event-handler");
  });

  it("begin the name of every alarm with the alarms' prefix", () => {
    const { alarmNames, alarmNamePrefix } = resourceNames(loadEnvironment("sit"));
    for (const name of Object.values(alarmNames)) expect(name.startsWith(alarmNamePrefix)).to.be.true;
  });

  it("stay within AWS's limits for an environment's name of 16 characters", () => {
    const environment = "abcdefghijklmnop";
    const names = resourceNames({ ...loadEnvironment("dev"), environment });
    expect(names.functionName.length).to.be.at.most(64);
    expect(names.roleName.length).to.be.at.most(64);
    for (const name of Object.values(names.ruleNames)) expect(name.length).to.be.at.most(64);
    expect(names.deadLetterQueueName.length).to.be.at.most(80);
    expect(names.stateBucketName.length).to.be.at.most(63);
    expect(names.reconciler.functionName.length).to.be.at.most(64);
    expect(names.reconciler.roleName.length).to.be.at.most(64);
    expect(names.reconciler.scheduleName.length).to.be.at.most(64);
    expect(names.reconciler.scheduleRoleName.length).to.be.at.most(64);
  });
});
