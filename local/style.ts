import picocolors from "picocolors";

export interface Style {
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly alarming: (text: string) => string;
  /** Colours a tenant status by what it means. */
  readonly status: (status: string) => string;
}

export const createStyle = (colored: boolean): Style => {
  const { dim, bold, red, green, yellow, magenta } = picocolors.createColors(colored);
  const byStatus = new Map([
    ["ACTIVE", green],
    ["PROVISIONING", yellow],
    ["SCALING", yellow],
    ["ROLLING_BACK", yellow],
    ["FAILED", red],
    ["DEPROVISIONED", dim],
  ]);
  return {
    faint: dim,
    strong: bold,
    alarming: red,
    // What another service set stands out.
    status: (status) => (byStatus.get(status) ?? magenta)(status),
  };
};

/**
 * Whether to colour what goes to a terminal, or not to one.
 * @see https://no-color.org and https://force-color.org
 */
export const wantsColor = (
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean => {
  const forced = env["FORCE_COLOR"] ?? "";
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  if (forced !== "") return forced !== "0" && forced !== "false";
  return isTerminal && env["TERM"] !== "dumb";
};
