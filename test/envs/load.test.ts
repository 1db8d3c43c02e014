import { Ajv } from "ajv";
import { expect } from "chai";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import schema from "../../envs/environment.schema.json" with { type: "json" };
import { EnvironmentFileError, UnknownEnvironmentError } from "../../envs/errors.ts";
import { listEnvironments, loadEnvironment, loadEnvironments } from "../../envs/load.ts";

describe("envs", () => {
  it("have a schema that keeps the rules for schemas", () => {
    const ajv = new Ajv();
    expect(ajv.validateSchema(schema), ajv.errorsText()).to.equal(true);
    expect(ajv.validateSchema({ ...schema, required: "environment" })).to.equal(false);
  });

  it("are dev, sit, prod and whatever further file there is", () => {
    expect(listEnvironments()).to.include.members(["dev", "sit", "prod"]);
    expect(loadEnvironments().map(({ environment }) => environment)).to.deep.equal(listEnvironments());
  });

  it("have the accounts, in af-south-1, leading zero included", () => {
    expect(
      loadEnvironments().map(({ environment, accountId, region }) => [environment, accountId, region]),
    ).to.deep.include.members([
      ["dev", "536580886816", "af-south-1"],
      ["prod", "093646564004", "af-south-1"],
      ["sit", "815856636111", "af-south-1"],
    ]);
  });

  for (const name of listEnvironments()) {
    it(`name the table, cluster and role of ${name}`, () => {
      const { tenants, cluster, deployRole, notificationEmails } = loadEnvironment(name);
      expect(tenants.table).to.equal(`bbws-tenants-${name}`);
      expect(cluster).to.equal(`bbws-cluster-${name}`);
      expect(deployRole).to.equal(`bbws-github-actions-role-${name}`);
      expect(notificationEmails).to.deep.equal(["platform@bigbeardweb.com"]);
    });
  }

  it("alarm above 10 errors an hour, in prod above 5, at any throttle, above 10 dead letters and 5 minutes of age", () => {
    const common = { throttlesPerHour: 0, deadLetterMessages: 10, eventAgeSeconds: 300 };
    expect(loadEnvironment("dev").alarms).to.deep.equal({ errorsPerHour: 10, failedTenants: 10, ...common });
    expect(loadEnvironment("sit").alarms).to.deep.equal({ errorsPerHour: 10, failedTenants: 5, ...common });
    expect(loadEnvironment("prod").alarms).to.deep.equal({ errorsPerHour: 5, failedTenants: 0, ...common });
  });

  it("let the scheduled reconciler run every 15 minutes and repair, within its fuse", () => {
    for (const name of listEnvironments())
      expect(loadEnvironment(name).reconciler).to.deep.equal({
        everyMinutes: 15,
        repair: true,
        fuse: { tenants: 10, percent: 20 },
      });
  });

  it("allow releases at any time, in prod only in the maintenance windows", () => {
    expect(loadEnvironment("dev").maintenanceWindows).to.be.empty;
    expect(loadEnvironment("sit").maintenanceWindows).to.be.empty;
    expect(loadEnvironment("prod").maintenanceWindows).to.deep.equal([
      { days: ["tuesday", "thursday"], from: "20:00", to: "24:00" },
      { days: ["saturday"], from: "04:00", to: "08:00" },
    ]);
  });

  it("promote in one line from dev to prod, after a quiet hour to sit and a quiet day to prod", () => {
    const line: string[] = [];
    let at: string | undefined = "prod";
    while (at !== undefined && !line.includes(at)) {
      line.push(at);
      at = loadEnvironment(at).promotion?.from;
    }
    expect(line.at(-1)).to.equal("dev");
    expect(loadEnvironment("sit").promotion).to.include({ from: "dev", lookbackHours: 1 });
    expect(loadEnvironment("prod").promotion).to.include({
      lookbackHours: 24,
      maxErrors: 5,
      maxThrottles: 0,
    });
  });

  it("say which there are when asked for another", () => {
    expect(() => loadEnvironment("production")).to.throw(
      UnknownEnvironmentError,
      'Unknown environment "production". Known: ' + listEnvironments().join(", "),
    );
  });

  describe("in a folder of files", () => {
    let folder: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "envs-"));
      cpSync("envs", folder, { recursive: true });
    });

    afterEach(() => {
      rmSync(folder, { recursive: true });
    });

    /** Writes dev.json, or the file named, changed. */
    const change = (changes: object, file = "dev.json"): void => {
      const original: unknown = JSON.parse(readFileSync("envs/dev.json", "utf8"));
      writeFileSync(join(folder, file), JSON.stringify({ ...Object(original), ...changes }));
    };

    it("have a fourth one as soon as there is a fourth file", () => {
      change({ environment: "qa", accountId: "000000000042" }, "qa.json");
      expect(listEnvironments(folder)).to.deep.equal([...listEnvironments(), "qa"].sort());
      expect(loadEnvironment("qa", folder).accountId).to.equal("000000000042");
    });

    const wrongFiles: [string, object, ...string[]][] = [
      [
        "an unknown property",
        { acountId: "1" },
        '/ has an unknown property "acountId"',
        "allowed are",
        "accountId",
      ],
      [
        "an unknown property further down",
        {
          alarms: {
            errorsPerHour: 1,
            throttlesPerHour: 0,
            deadLetterMessages: 1,
            eventAgeSeconds: 60,
            dlq: 1,
          },
        },
        '/alarms has an unknown property "dlq"',
        "allowed are errorsPerHour, throttlesPerHour, deadLetterMessages, eventAgeSeconds",
      ],
      [
        "an account that is a number",
        { accountId: 93646564004 },
        "/accountId is 93646564004",
        "12 digits in quotes",
      ],
      [
        "an account that lost its zero",
        { accountId: "93646564004" },
        '/accountId is "93646564004"',
        "leading zeros",
      ],
      ["no region", { region: undefined }, '/ lacks "region"'],
      [
        "a retention that CloudWatch does not know",
        { logRetentionDays: 15 },
        "/logRetentionDays is 15: must be one of [1,3,5,",
      ],
      [
        "an alias in place of a key",
        { security: { kmsKeys: { logs: "alias/logs" } } },
        '/security/kmsKeys/logs is "alias/logs"',
        "the ARN of a KMS key",
      ],
      [
        "a key of another region",
        { security: { kmsKeys: { queue: "arn:aws:kms:eu-west-1:536580886816:key/1" } } },
        '/security/kmsKeys/queue is "arn:aws:kms:eu-west-1:536580886816:key/1"',
        'must be a key of the region "af-south-1"',
      ],
      [
        "a key of the tenants' table in another region",
        {
          tenants: {
            ...loadEnvironment("dev").tenants,
            kmsKeyArn: "arn:aws:kms:eu-west-1:536580886816:key/1",
          },
        },
        "/tenants/kmsKeyArn",
        'must be a key of the region "af-south-1"',
      ],
      [
        "no execution for the function",
        { function: { ...loadEnvironment("dev").function, reservedConcurrency: 0 } },
        "/function/reservedConcurrency is 0",
        "must be >= 1",
      ],
      [
        "a key for what has none",
        { security: { kmsKeys: { table: "arn:aws:kms:af-south-1:536580886816:key/1" } } },
        '/security/kmsKeys has an unknown property "table": allowed are logs, queue, topic, state',
      ],
      [
        "a code signing configuration that is none",
        { security: { codeSigningConfig: "csc-1" } },
        '/security/codeSigningConfig is "csc-1"',
        "code signing configuration",
      ],
      [
        "no one to notify",
        { notificationEmails: [] },
        "/notificationEmails is []",
        "at least one e-mail address",
      ],
      [
        "a day in a strange tongue",
        { maintenanceWindows: [{ days: ["dinsdag"], from: "20:00", to: "24:00" }] },
        '/maintenanceWindows/0/days/0 is "dinsdag": must be one of ["monday",',
      ],
      [
        "a window over midnight",
        { maintenanceWindows: [{ days: ["monday"], from: "20:00", to: "04:00" }] },
        '/maintenanceWindows/0/to is "04:00": must be later than "20:00"',
      ],
      [
        "a window that ends when it begins",
        { maintenanceWindows: [{ days: ["monday"], from: "20:00", to: "20:00" }] },
        '/maintenanceWindows/0/to is "20:00": must be later than "20:00"',
      ],
      [
        "a key without a tenant",
        { tenants: { table: "tenants", key: { PK: "TENANT" }, statusAttribute: "status" } },
        '/tenants/key is {"PK":"TENANT"}: must have {tenantId} in one of its values',
      ],
      [
        "another environment's name",
        { environment: "sit" },
        '/environment is "sit": must be the file\'s name, "dev"',
      ],
      [
        "a promotion from itself",
        { promotion: { from: "dev", lookbackHours: 1, maxErrors: 0, maxThrottles: 0 } },
        `/promotion/from is "dev": must be another environment: ${listEnvironments()
          .filter((name) => name !== "dev")
          .join(", ")}`,
      ],
    ];
    for (const [title, changes, ...expected] of wrongFiles) {
      it(`are refused with ${title}, naming the file, the path and what is allowed`, () => {
        change(changes);
        for (const text of ["dev.json is wrong", ...expected])
          expect(() => loadEnvironments(folder)).to.throw(EnvironmentFileError, text);
      });
    }

    it("are refused when a file is no JSON, naming it", () => {
      writeFileSync(join(folder, "sit.json"), "{");
      expect(() => loadEnvironment("sit", folder)).to.throw(EnvironmentFileError, /sit\.json is wrong/);
    });

    it("list every mistake of a file at once", () => {
      change({ accountId: "1", region: "Cape Town", memory: 3 });
      expect(() => loadEnvironment("dev", folder))
        .to.throw(EnvironmentFileError)
        .with.property("problems")
        .with.lengthOf(3);
    });
  });
});
