/** One of envs/*.json; environment.schema.json says what each property means. */
export interface Environment {
  readonly environment: string;
  readonly accountId: string;
  readonly region: string;
  readonly deployRole: string;
  readonly readRole: string;
  readonly planRole: string;
  readonly cluster: string;
  readonly tenants: {
    readonly table: string;
    readonly key: Readonly<Record<string, string>>;
    readonly statusAttribute: string;
  };
  readonly function: {
    readonly memoryMegabytes: number;
    readonly logLevel: "error" | "warn" | "info" | "debug";
  };
  readonly logRetentionDays: number;
  /** Alarms go off above these. */
  readonly alarms: {
    readonly errorsPerHour: number;
    readonly throttlesPerHour: number;
    readonly deadLetterMessages: number;
    readonly eventAgeSeconds: number;
  };
  readonly notificationEmails: readonly string[];
  /** When releases are allowed; none means at any time. */
  readonly maintenanceWindows: readonly MaintenanceWindow[];
  /** Absent for the environment that releases start from. */
  readonly promotion?: Promotion;
}

export interface MaintenanceWindow {
  readonly days: readonly Day[];
  /** `HH:MM`, UTC. */
  readonly from: string;
  /** `HH:MM`, UTC, later on the same day; `24:00` is its end. */
  readonly to: string;
}

export type Day = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

export interface Promotion {
  /** The environment whose release is promoted. */
  readonly from: string;
  readonly lookbackHours: number;
  /** The most that the lookback may have seen. */
  readonly maxErrors: number;
  readonly maxThrottles: number;
}
