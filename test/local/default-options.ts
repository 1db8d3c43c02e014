import type { StartOptions } from "../../local/options.ts";

/** What `npm start` does when nothing is asked of it; a test holds the command line to it. */
export const defaultOptions: StartOptions = {
  eventsFile: undefined,
  tenantsFile: undefined,
  rowsFile: undefined,
  environment: "dev",
  clusterArn: undefined,
  json: false,
  speed: undefined,
  verbose: false,
  timings: false,
  htmlFile: undefined,
  serve: undefined,
};
