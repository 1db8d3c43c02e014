import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { listEnvironments } from "../../../envs/load.ts";
import { makeOwnFolder } from "../../own-folder.ts";
import { run } from "../run.ts";

/** Types a command line up to its last word in a real shell that has loaded the script: what Tab offers there. */
type Complete = (words: readonly string[]) => readonly string[];

describe("ops completion", () => {
  const folder = makeOwnFolder(tmpdir(), "completion-");

  it("is refused for a shell that it does not know", async () => {
    const done = await run("completion tcsh");
    expect(done.exitCode).to.equal(2);
    expect(done.stderr).to.include("Allowed choices are bash, zsh, fish");
  });

  for (const [shell, complete] of [
    ["bash", completeInBash],
    ["zsh", completeInZsh],
    ["fish", completeInFish],
  ] as const) {
    if (spawnSync(shell, ["-c", "true"]).error !== undefined) {
      console.warn(
        `The completion of ${shell} is NOT TESTED: this machine has no ${shell}. apt-get install ${shell}`,
      );
      continue;
    }
    describe(`in ${shell}`, () => {
      let offered: Complete;
      before(async function () {
        this.timeout(60_000);
        const { stdout, exitCode } = await run(`completion ${shell}`);
        expect(exitCode).to.equal(0);
        const script = join(folder, `ops.${shell}`);
        writeFileSync(script, stdout);
        mkdirSync(join(folder, "saved-here"), { recursive: true });
        writeFileSync(join(folder, "saved.html"), "");
        offered = (words) => complete(script, words, folder);
      });
      beforeEach(function () {
        this.timeout(30_000);
      });

      it("completes commands, also those of a group", () => {
        expect(offered(["veri"])).to.deep.equal(["verify"]);
        expect(offered(["te"])).to.deep.equal(["tenant", "tenants"]);
        expect(offered([""])).to.include.members(["status", "dlq", "import-state-bucket", "completion"]);
        expect(offered(["dlq", ""])).to.deep.equal(["count", "discard", "peek", "replay"]);
        expect(offered(["completion", ""])).to.deep.equal(["bash", "fish", "zsh"]);
      });

      it("completes environments, after options too", () => {
        const environments = [...listEnvironments()].sort();
        expect(offered(["verify", ""])).to.deep.equal(environments);
        expect(offered(["verify", "--json", "--audit", "file", ""])).to.deep.equal(environments);
        expect(offered(["dlq", "peek", "s"])).to.deep.equal(["sit"]);
        expect(offered(["gate", "--from", ""])).to.deep.equal(environments);
        expect(offered(["gate", ""])).to.deep.equal(["to-prod", "to-sit"]);
      });

      it("completes options, and where nothing else can come", () => {
        expect(offered(["tenants", "prod", "--s"])).to.deep.equal(["--since", "--sort", "--status"]);
        expect(offered(["tenants", "prod", ""])).to.include("--watch");
        expect(offered(["verify", "--zz"])).to.deep.equal([]);
      });

      it("completes what an option can be", () => {
        expect(offered(["tenants", "dev", "--sort", ""])).to.deep.equal(["since", "status", "tenant"]);
        expect(offered(["logs", "dev", "--status", "fa"])).to.deep.equal(["failed"]);
        expect(
          offered(["logs", "dev", "--status=fa"]).map((word) => word.replace("--status=", "")),
        ).to.deep.equal(["failed"]);
      });

      it("completes files and folders where they are meant, and nothing where nobody knows", () => {
        expect(offered(["tenants", "dev", "--html", "saved"])).to.include("saved.html");
        const folders = offered(["dlq", "peek", "dev", "--save", "saved"]);
        expect(folders.map((name) => name.replace("/", ""))).to.deep.equal(["saved-here"]);
        expect(offered(["tenant", "dev", ""])).to.deep.equal([]);
        expect(offered(["release", "dev", "--reason", ""])).to.deep.equal([]);
      });
    });
  }
});

const linesOf = (file: string, args: readonly string[], cwd: string): readonly string[] => {
  const { stdout, stderr, status } = spawnSync(file, args, {
    cwd,
    encoding: "utf8",
    // eslint-disable-next-line no-restricted-syntax -- shells, and what they start, are found by it
    env: { PATH: process.env["PATH"], HOME: cwd, XDG_CONFIG_HOME: cwd, TERM: "dumb" },
  });
  if (status !== 0 || stderr !== "") throw new Error(`${file} ended with ${status}: ${stderr}`);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .sort();
};

/** Readline would make three words of --status=failed. */
function completeInBash(script: string, words: readonly string[], cwd: string): readonly string[] {
  const typed = words.flatMap((word) => (word.startsWith("--") ? word.split(/(=)/) : [word]));
  return linesOf(
    "bash",
    [
      "--norc",
      "-c",
      'source "$1"; shift; eval "set_words() { $(complete -p ops | sed "s/.*-F \\([^ ]*\\) .*/\\1/"); }"; ' +
        'COMP_WORDS=(ops "$@"); COMP_CWORD=$#; set_words; printf "%s\\n" "${COMPREPLY[@]}"',
      "bash",
      script,
      ...typed,
    ],
    cwd,
  );
}

/** Where zsh would draw a menu, the words are printed; as when it draws, only those that begin as typed. */
function completeInZsh(script: string, words: readonly string[], cwd: string): readonly string[] {
  return linesOf(
    "zsh",
    [
      "-f",
      "-c",
      'source "$1"; shift; words=(ops "$@"); CURRENT=$#words; PREFIX="$words[CURRENT]"; ' +
        'compset() { PREFIX="${PREFIX#*=}"; }; ' +
        '_files() { local each; for each in ${PREFIX}*(N${1:+/}); do print -r -- "$each"; done; }; ' +
        '_describe() { local each; for each in "${(@P)@[-1]}"; do each="${each%%:*}"; ' +
        '[[ $each == ${PREFIX}* ]] && print -r -- "$each"; done; true; }; ' +
        "${_comps[ops]}",
      "zsh",
      script,
      ...words,
    ],
    cwd,
  );
}

function completeInFish(script: string, words: readonly string[], cwd: string): readonly string[] {
  return linesOf(
    "fish",
    ["--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"', script, ["ops", ...words].join(" ")],
    cwd,
  ).map((line) => line.replace(/\t.*/, ""));
}
