import type { EnvironmentFile } from "./environment-file.ts";

/** One of envs/*.json; environment.schema.json says what each property means. */
export type Environment = DeepReadonly<Omit<EnvironmentFile, "$schema">>;

/** When releases are allowed: `from` and `to` are `HH:MM`, UTC, on the same day; `24:00` is its end. */
export type MaintenanceWindow = Environment["maintenanceWindows"][number];

export type Day = MaintenanceWindow["days"][number];

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;
