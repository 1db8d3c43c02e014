import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";

/**
 * Stands in for the Lambda runtime: loads what `_HANDLER` names from `LAMBDA_TASK_ROOT` and hands it one event after
 * another. Plain JavaScript, for the function runs on Node alone.
 */

// The terminal sends Ctrl-C to this process too; the one that started it decides when it ends, and how.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());

const describe = (error) =>
  error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: "Error", message: String(error) };

const load = () => {
  // eslint-disable-next-line no-restricted-syntax -- the Lambda runtime, which this stands in for, is told so too
  const { LAMBDA_TASK_ROOT: root = "", _HANDLER: name = "" } = process.env;
  const [file = "", exported = ""] = name.split(".");
  return createRequire(join(root, "/"))(join(root, file))[exported];
};

try {
  const handler = load();
  process.on("message", async ({ payload }) => {
    try {
      process.send({ kind: "answered", answer: await handler(JSON.parse(payload)) });
    } catch (error) {
      process.send({ kind: "failed", error: describe(error) });
    }
  });
  process.send({ kind: "ready" });
} catch (error) {
  process.send({ kind: "failed", error: describe(error) });
}
