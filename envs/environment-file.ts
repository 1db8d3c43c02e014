/** Generated from envs/environment.schema.json by npm run types; do not edit. */

/**
 * the ARN of a KMS key in the environment's region
 */
export type KmsKey = string;
/**
 * a whole number, 0 or more
 */
export type Count = number;

/**
 * One file per environment, named after it. What is created there is named by resource-names.ts.
 */
export interface EnvironmentFile {
  $schema?: string;
  /**
   * the environment's name, which is the file's too: a lower-case letter, then up to 15 letters or digits
   */
  environment: string;
  /**
   * the AWS account's 12 digits in quotes, leading zeros included
   */
  accountId: string;
  /**
   * an AWS region such as af-south-1
   */
  region: string;
  /**
   * the repository on GitHub whose workflows take on the roles: OWNER/NAME
   */
  repository: string;
  /**
   * The numbers that GitHub writes into the tokens of repositories created after 15 July 2026; the roles trust both forms where they are given.
   */
  repositoryIds?: {
    /**
     * the id of the owner, digits in quotes: gh api repos/OWNER/NAME --jq .owner.id
     */
    owner: string;
    /**
     * the id of the repository, digits in quotes: gh api repos/OWNER/NAME --jq .id
     */
    repository: string;
  };
  /**
   * where GitHub's identity provider comes from: created by access-<environment> (the default), or existing, made by somebody else in the account
   */
  identityProvider?: "created" | "existing";
  /**
   * true: the functions' roles carry the boundary that the stack access-<environment> has, which must be deployed first, and the role that deploys can change no role without it; false when absent
   */
  permissionsBoundary?: boolean;
  /**
   * the name of the IAM role that the workflows take on to change something
   */
  deployRole: string;
  /**
   * the name of the IAM role that workflows of the main branch take on to read, the tenants' table and the code included
   */
  readRole: string;
  /**
   * the name of the IAM role that pull requests take on to plan: it reads the Terraform state and what the stack looks up, no table data and no code
   */
  planRole: string;
  /**
   * the name of the ECS cluster whose services are the tenants
   */
  cluster: string;
  /**
   * Where the tenants' rows are.
   */
  tenants: {
    /**
     * the name of a DynamoDB table
     */
    table: string;
    /**
     * one or two key attributes, {tenantId} standing for the tenant's id
     */
    key: {
      [k: string]: string;
    };
    /**
     * the name of the attribute that holds the tenant's status
     */
    statusAttribute: string;
    kmsKeyArn?: KmsKey;
  };
  function: {
    /**
     * a whole number of megabytes from 128 to 10240
     */
    memoryMegabytes: number;
    /**
     * Metrics are part of the info and warn lines: a quieter level drops them.
     */
    logLevel: "error" | "warn" | "info" | "debug";
    /**
     * the runtime of both functions, nodejs24.x when absent; the zip is built for the lowest of these
     */
    runtime?: "nodejs22.x" | "nodejs24.x";
    /**
     * a whole number from 1 to 1000: how many events are processed at once at most, set aside for the handler alone; absent, it shares what the account has
     */
    reservedConcurrency?: number;
  };
  /**
   * The periods that CloudWatch offers; logs are never kept forever.
   */
  logRetentionDays:
    | 1
    | 3
    | 5
    | 7
    | 14
    | 30
    | 60
    | 90
    | 120
    | 150
    | 180
    | 365
    | 400
    | 545
    | 731
    | 1096
    | 1827
    | 2192
    | 2557
    | 2922
    | 3288
    | 3653;
  /**
   * An alarm goes off above its threshold, not at it.
   */
  alarms: {
    errorsPerHour: Count;
    throttlesPerHour: Count;
    deadLetterMessages: Count;
    /**
     * a whole number of seconds from 60 to 3600; after an hour Lambda gives an event up
     */
    eventAgeSeconds: number;
    failedTenants: Count;
  };
  /**
   * How the rows are compared with ECS and repaired.
   */
  reconciler: {
    /**
     * a whole number of minutes from 5 to 1440: how often the scheduled reconciler runs
     */
    everyMinutes: number;
    /**
     * true: the scheduled reconciler repairs what it finds; false: it only reports
     */
    repair: boolean;
    /**
     * One run that would change more tenants than both numbers allow changes nothing: more likely the tags or the cluster are wrong than all those tenants.
     */
    fuse: {
      tenants: Count;
      /**
       * a whole number from 0 to 100, of the tenants that have a row
       */
      percent: number;
    };
  };
  /**
   * who is told of alarms: at least one e-mail address
   *
   * @minItems 1
   *
   * Items: an e-mail address
   */
  notificationEmails: string[];
  /**
   * What is told of alarms besides, such as an incident tool: PagerDuty's integration URL for CloudWatch. Anybody who knows such a URL can raise incidents.
   *
   * Items: an https URL without a user name or password in it
   */
  notificationEndpoints?: string[];
  /**
   * When releases are allowed; none means at any time.
   */
  maintenanceWindows: {
    /**
     * at least one day, each once
     *
     * @minItems 1
     */
    days: ("monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")[];
    /**
     * a time in UTC from 00:00 to 23:59
     */
    from: string;
    /**
     * a time in UTC from 00:01 to 24:00, on the same day and later than `from`
     */
    to: string;
  }[];
  /**
   * What the environment's releases are promoted from, and how quiet it must have been; absent for the first one.
   */
  promotion?: {
    /**
     * the name of another environment
     */
    from: string;
    /**
     * a whole number of hours from 1 to 360
     */
    lookbackHours: number;
    maxErrors: Count;
    maxThrottles: Count;
  };
  /**
   * What a company may ask for besides; each is off where it is absent. docs/security.md says what it takes.
   */
  security?: {
    /**
     * Customer-managed keys in place of AWS's own.
     */
    kmsKeys?: {
      logs?: KmsKey;
      queue?: KmsKey;
      topic?: KmsKey;
      state?: KmsKey;
    };
    /**
     * the ARN of a Lambda code signing configuration
     */
    codeSigningConfig?: string;
  };
}
