import { listEnvironments } from "../../envs/load.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { bundledProgram } from "../bundled-program.ts";
import { CTRL_C, itOnTerminal, startOnTerminal } from "../terminal.ts";
import { withoutWarnings } from "../without-warnings.ts";

/** The process, as `npm run ops` starts it, with these variables alone. */
const start = async (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const child = spawn(process.execPath, [await bundledProgram("ops/main.ts"), ...args], {
    env: { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const finished = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]).then(
    ([stdout, stderr, [exitCode]]) => ({
      stdout,
      stderr: withoutWarnings(stderr),
      exitCode: exitCode as unknown,
    }),
  );
  return { child, finished };
};

describe("npm run ops", () => {
  it("ends with the command's exit code, and without a stack trace for a mistake", async () => {
    const { exitCode, stdout, stderr } = await (await start(["verify", "prdo"])).finished;
    expect({ exitCode, stdout, stderr }).to.deep.equal({
      exitCode: 2,
      stdout: "",
      stderr: `Unknown environment "prdo". Known: ${listEnvironments().join(", ")}. Did you mean prod?\n`,
    });
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    it(`talks to AWS_ENDPOINT_URL, and stops cleanly on ${signal} while AWS keeps it waiting`, async () => {
      const server = createServer();
      await once(server.listen(0, "127.0.0.1"), "listening");
      try {
        const { child, finished } = await start(["preflight", "dev"], {
          AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        });
        await once(server, "request");
        child.kill(signal);
        const { exitCode, stdout, stderr } = await finished;
        expect(stdout).to.match(/^skip +AWS account: interrupted$/m);
        expect(stdout).to.match(/preflight dev: INTERRUPTED\. 11 skipped\n$/);
        expect(exitCode).to.equal(3);
        expect(stderr).not.to.match(/^\s+at /m);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    });

  itOnTerminal("stops cleanly at Ctrl-C on a terminal, where a list is being drawn", async () => {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const command = [process.execPath, await bundledProgram("ops/main.ts"), "preflight", "dev"];
      const { port } = server.address() as AddressInfo;
      const variables = {
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      };
      const terminal = startOnTerminal(command, variables);
      await Promise.all([once(server, "request"), terminal.shows("AWS account")]);
      terminal.type(CTRL_C);
      const { exitCode, shown } = await terminal.ended;
      expect(shown).to.match(/preflight dev: INTERRUPTED\. 11 skipped/);
      expect(exitCode).to.equal(3);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
