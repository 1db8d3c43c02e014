// Checks what `npm start -- --json` printed for the bundled sample: each event answered, each tenant where its story ends.
import assert from "node:assert/strict";
import console from "node:console";
import process from "node:process";
import { text } from "node:stream/consumers";

const rows = (await text(process.stdin))
  .split("\n")
  .filter((line) => line.startsWith("{"))
  .map((line) => JSON.parse(line));
const events = rows.filter(({ type }) => type === "event");
const tenants = rows.filter(({ type }) => type === "tenant");

assert.deepEqual(
  events.filter(({ status }) => status === "failed"),
  [],
  "no event of the sample fails",
);
assert.ok(
  events.some(({ status }) => status === "success") && events.some(({ status }) => status === "ignored"),
);
assert.ok(
  tenants.some(({ status }) => status === "ACTIVE"),
  "a tenant of the sample ends ACTIVE",
);
assert.ok(
  tenants.some(({ status }) => status === "FAILED"),
  "a tenant of the sample ends FAILED",
);
assert.ok(
  tenants.some(({ status }) => status === "DEPROVISIONED"),
  "a tenant of the sample ends DEPROVISIONED",
);
console.log(`npm start: ${events.length} events of the sample, ${tenants.length} tenants, as expected`);
