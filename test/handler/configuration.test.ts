import { expect } from "chai";
import { readConfiguration } from "../../handler/configuration.ts";
import { ConfigurationError } from "../../handler/errors.ts";
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

  it("names all that is missing at once", () => {
    expect(() => readConfiguration({})).to.throw(
      ConfigurationError,
      /^The function's environment variables are wrong: ENVIRONMENT is not set: .*; TENANTS_TABLE is not set: .*; CLUSTER_ARN is not set: /,
    );
  });

  const wrong: [name: string, value: string][] = [
    ["ENVIRONMENT", "Dev!"],
    ["TENANTS_TABLE", "a table"],
    ["SERVICES_TABLE", ""],
    ["SERVICES_TABLE", "a table"],
    ["SERVICES_TABLE", ENV.TENANTS_TABLE],
    ["CLUSTER_ARN", "bbws-cluster-dev"],
    ["CLUSTER_ARN", "arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/x"],
    ["TENANT_KEY", ""],
    ["TENANT_KEY", "tenant_id"],
    ["TENANT_KEY", "null"],
    ["TENANT_KEY", '["{tenantId}"]'],
    ["TENANT_KEY", "{}"],
    ["TENANT_KEY", '{"tenant_id":"constant"}'],
    ["TENANT_KEY", '{"tenant_id":7}'],
    ["TENANT_KEY", '{"a":"{tenantId}","b":"b","c":"c"}'],
    ["TENANT_KEY", '{"events":"{tenantId}"}'],
    ["STATUS_ATTRIBUTE", ""],
    ["STATUS_ATTRIBUTE", "ecs_status"],
    ["STATUS_ATTRIBUTE", "tenant_id"],
    ["LOG_LEVEL", "loud"],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name}=${value}, quoting it and saying what it must be`, () => {
      const problems = problemsOf({ ...ENV, [name]: value });
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(new RegExp(`^${name} is (not set|".*"): it must be `));
    });
  }
});
