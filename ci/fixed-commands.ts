/** What operate.yml offers: commands of the operator's CLI, by the words that a person chooses, and nothing else. */
export const FIXED_COMMANDS = {
  verify: { args: ["verify"], changes: false },
  status: { args: ["status"], changes: false },
  tenants: { args: ["tenants"], changes: false },
  /** Of the input `tenant`. */
  tenant: { args: ["tenant"], changes: false },
  history: { args: ["history"], changes: false },
  metrics: { args: ["metrics"], changes: false },
  "logs --status failed": { args: ["logs", "--status", "failed"], changes: false },
  reconcile: { args: ["reconcile"], changes: false },
  "reconcile --apply": { args: ["reconcile", "--apply"], changes: true },
  "dlq peek": { args: ["dlq", "peek"], changes: false },
  "dlq replay": { args: ["dlq", "replay"], changes: false },
  "dlq replay --apply": { args: ["dlq", "replay", "--apply"], changes: true },
  "release --again": { args: ["release", "--again"], changes: true },
} as const;

export type FixedCommand = keyof typeof FIXED_COMMANDS;

/** Undefined for what is not offered. */
export const findFixedCommand = (words: string): FixedCommand | undefined =>
  Object.keys(FIXED_COMMANDS).find((name): name is FixedCommand => name === words);
