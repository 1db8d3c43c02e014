/** Generated from reconciler/run-request.schema.json by npm run types; do not edit. */

/**
 * scheduled: compare and repair; the schedule sends it. check: say whether everything that a run needs can be reached, and change nothing.
 */
export interface RunRequestMessage {
  version: 1;
  kind: "scheduled" | "check";
}
