import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { tolerateClosedOutput } from "../../checklist/closed-output.ts";
import { createCommandLine } from "../../checklist/command-line.ts";
import { startDynamoDbLocal } from "./server.ts";

/** `npm run test:dynamodb-local`: the store's tests on Amazon's own DynamoDB for development. Ends with 3 without Java. */
tolerateClosedOutput();
createCommandLine(
  "test:dynamodb-local",
  "Runs the store's tests on Amazon's own DynamoDB for development. Ends with 3 without Java.",
).parse();
const dynamoDb = await startDynamoDbLocal();
if (dynamoDb === undefined) {
  console.error("NOT TESTED ON DYNAMODB LOCAL: that needs Java 17 or later, and this machine has none");
  process.exitCode = 3;
} else {
  try {
    const tests = spawn(
      "npx",
      [
        ...["mocha", "--no-config", "--node-option", "import=tsx", "--timeout", "120000", "--exit"],
        ...["test/handler/tenant-store.test.ts", "test/handler/index.test.ts"],
      ],
      {
        cwd: fileURLToPath(new URL("../..", import.meta.url)),
        // eslint-disable-next-line no-restricted-syntax -- an edge: the tests get what this program was given
        env: { ...process.env, DYNAMODB_ENDPOINT: dynamoDb.endpoint },
        stdio: "inherit",
      },
    );
    const [code] = (await once(tests, "exit")) as [number | null];
    process.exitCode = code ?? 1;
  } finally {
    await dynamoDb.stop();
  }
}
