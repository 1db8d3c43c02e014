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
