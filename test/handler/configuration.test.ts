import { expect } from "chai";
import { readConfiguration } from "../../handler/configuration.ts";
import { ConfigurationError } from "../../handler/errors.ts";
import { ATTRIBUTES } from "../../handler/row-attributes.ts";
import { CLUSTER_ARN } from "./events.ts";

const ENV = { ENVIRONMENT: "dev", TENANTS_TABLE: "bbws-tenants-dev", CLUSTER_ARN };

const problemsOf = (env: Record<string, string | undefined>): readonly string[] => {
  try {
    readConfiguration(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
};

describe("readConfiguration", () => {
  it("needs three variables and has defaults for the others", () => {
    expect(readConfiguration(ENV)).to.deep.equal({
      environment: "dev",
      tenantsTable: "bbws-tenants-dev",
      servicesTable: undefined,
      clusterArn: CLUSTER_ARN,
      tenantKey: { tenant_id: "{tenantId}" },
      statusAttribute: "status",
      logLevel: "info",
    });
  });

  it("takes a directory, another key layout, status attribute and log level", () => {
    const env = {
      ...ENV,
      TENANT_KEY: '{"PK":"TENANT#{tenantId}","SK":"INSTANCE"}',
      SERVICES_TABLE: "bbws-ecs-event-handler-services-dev",
      STATUS_ATTRIBUTE: "instanceStatus",
      LOG_LEVEL: "WARN",
    };
    expect(readConfiguration(env)).to.deep.include({
      servicesTable: "bbws-ecs-event-handler-services-dev",
      tenantKey: { PK: "TENANT#{tenantId}", SK: "INSTANCE" },
      statusAttribute: "instanceStatus",
      logLevel: "warn",
    });
  });

  it("takes a cluster of any partition of AWS", () => {
    const clusterArn = "arn:aws-cn:ecs:cn-north-1:536580886816:cluster/bbws-cluster-dev";
    expect(readConfiguration({ ...ENV, CLUSTER_ARN: clusterArn })).to.include({ clusterArn });
  });

  const EXPECTED: Readonly<Record<string, string>> = {
    ENVIRONMENT: "an environment's name in lower case, such as dev",
    TENANTS_TABLE: "the name of a DynamoDB table, such as bbws-tenants-dev",
    SERVICES_TABLE:
      "the name of a DynamoDB table of its own, such as bbws-ecs-event-handler-services-dev, or not be set",
    CLUSTER_ARN:
      "the ARN of an ECS cluster, such as arn:aws:ecs:af-south-1:123456789012:cluster/bbws-cluster-dev",
    TENANT_KEY:
      "a JSON object of one or two key attributes, at least one with {tenantId} in its value, such as " +
      '{"PK":"TENANT#{tenantId}","SK":"INSTANCE"}',
    STATUS_ATTRIBUTE: `an attribute of its own, neither part of the key nor one of ${Object.values(ATTRIBUTES).join(", ")}`,
    LOG_LEVEL: "one of error, warn, info, debug",
  };

  it("names all that is missing at once", () => {
    expect(() => readConfiguration({})).to.throw(
      ConfigurationError,
      "The function's environment variables are wrong: " +
        ["ENVIRONMENT", "TENANTS_TABLE", "CLUSTER_ARN"]
          .map((name) => `${name} is not set: it must be ${EXPECTED[name] ?? ""}`)
          .join("; "),
    );
    expect(new ConfigurationError([]).name).to.equal("ConfigurationError");
  });

  const wrong: [name: string, value: string][] = [
    ["ENVIRONMENT", "Dev!"],
    ["ENVIRONMENT", "1dev"],
    ["ENVIRONMENT", "dev!"],
    ["TENANTS_TABLE", "a table"],
    ["SERVICES_TABLE", ""],
    ["SERVICES_TABLE", "a table"],
    ["SERVICES_TABLE", ENV.TENANTS_TABLE],
    ["CLUSTER_ARN", "bbws-cluster-dev"],
    ["CLUSTER_ARN", "arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/x"],
    ["CLUSTER_ARN", `${CLUSTER_ARN}/x`],
    ["CLUSTER_ARN", `x${CLUSTER_ARN}`],
    ["TENANT_KEY", ""],
    ["TENANT_KEY", "tenant_id"],
    ["TENANT_KEY", "null"],
    ["TENANT_KEY", '["{tenantId}"]'],
    ["TENANT_KEY", "{}"],
    ["TENANT_KEY", '{"":"{tenantId}"}'],
    ["TENANT_KEY", '{"tenant_id":"constant"}'],
    ["TENANT_KEY", '{"tenant_id":7}'],
    ["TENANT_KEY", '{"a":"{tenantId}","b":7}'],
    ["TENANT_KEY", '{"a":"{tenantId}","b":""}'],
    ["TENANT_KEY", '{"a":"{tenantId}","b":"b","c":"c"}'],
    ["TENANT_KEY", '{"events":"{tenantId}"}'],
    ["TENANT_KEY", '{"a":"{tenantId}","events":"x"}'],
    ["STATUS_ATTRIBUTE", ""],
    ["STATUS_ATTRIBUTE", "ecs_status"],
    ["STATUS_ATTRIBUTE", "tenant_id"],
    ["LOG_LEVEL", "loud"],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}=${value}, quoting it and saying what it must be`, () => {
      expect(problemsOf({ ...ENV, [name]: value })).to.deep.equal([
        `${name} is ${JSON.stringify(value)}: it must be ${EXPECTED[name] ?? ""}`,
      ]);
    });
  }
});
