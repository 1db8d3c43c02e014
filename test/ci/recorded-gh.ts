import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A GitHub CLI that writes its arguments down, and ends as it is told. */
export interface RecordedGh {
  readonly calls: () => readonly string[];
  readonly endWith: (exitCode: number, complaint?: string) => void;
  readonly variables: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

export const recordedGh = (): RecordedGh => {
  const folder = mkdtempSync(join(tmpdir(), "gh-"));
  const calls = join(folder, "calls");
  const endWith = (exitCode: number, complaint = ""): void => {
    writeFileSync(
      join(folder, "gh"),
      `#!/bin/sh\ntest -n "$GH_TOKEN" || exit 4\necho "$@" >> ${calls}\necho "${complaint}" >&2\nexit ${exitCode}\n`,
    );
    chmodSync(join(folder, "gh"), 0o755);
  };
  endWith(0);
  return {
    calls: () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []),
    endWith,
    variables: {
      // eslint-disable-next-line no-restricted-syntax -- programs are found by it
      PATH: [folder, process.env["PATH"]].join(delimiter),
    },
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
};
