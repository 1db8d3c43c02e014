import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

/** As much of GitHub's workflow syntax as the rules look at. */
export interface Workflow {
  readonly on: Readonly<Record<string, { readonly inputs?: Readonly<Record<string, Input>> } | null>>;
  readonly permissions?: object;
  readonly "run-name"?: string;
  readonly concurrency?: Concurrency;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Input {
  readonly type?: string;
  readonly required?: boolean;
  readonly options?: readonly string[];
  readonly default?: unknown;
}

interface Concurrency {
  readonly group: string;
  readonly "cancel-in-progress": boolean;
}

export interface Job {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly concurrency?: Concurrency;
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
  readonly steps?: readonly JobStep[];
  readonly "timeout-minutes"?: number;
}

export interface JobStep {
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "continue-on-error"?: boolean | string;
}

const GITHUB = fileURLToPath(new URL("../../.github/", import.meta.url));

export const workflowFiles = readdirSync(`${GITHUB}workflows`);
export const readWorkflow = (file: string): string => readFileSync(`${GITHUB}workflows/${file}`, "utf8");
export const parseWorkflow = (text: string): Workflow => parse(text) as Workflow;

export const setupAction = readFileSync(`${GITHUB}actions/setup/action.yml`, "utf8");
export const parseAction = (text: string): readonly JobStep[] =>
  (parse(text) as { runs: { steps: JobStep[] } }).runs.steps;
