/** dynalite ships without types. @see https://github.com/architect/dynalite#readme */
declare module "dynalite" {
  import type { Server } from "node:http";

  /** A DynamoDB server, not yet listening; in memory unless given a path. */
  export default function dynalite(options?: {
    /** How long a table stays CREATING, in milliseconds. */
    readonly createTableMs?: number;
    readonly path?: string;
  }): Server;
}
