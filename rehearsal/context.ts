import { mkdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../envs/environment.ts";
import type { Account } from "./emulator/account.ts";
import type { EmulatedAws } from "./emulator/emulated-aws.ts";
import type { Delivery, EventBridgeEvent } from "./emulator/event-bus.ts";
import { type Ended, type ProgramOptions, runWithLog } from "./programs.ts";
import type { EnvironmentVariables } from "../stacks/terraform/environment-variables.ts";
import { terraformBinary } from "../stacks/terraform/terraform-binary.ts";

/** An environment, and everything that the rehearsal has of it. */
export interface Place {
  readonly environment: Environment;
  readonly account: Account;
  /** A copy of the repository, for this environment alone. */
  readonly workspace: string;
}

export interface RehearsalParts {
  readonly aws: EmulatedAws;
  readonly places: Readonly<Record<"dev" | "sit" | "prod", Place>>;
  /** An environment of its own in an empty account, with a workspace that knows no other. */
  readonly openPlace: (name: string, accountId: string) => Promise<Place>;
  /** Where logs go. */
  readonly folder: string;
  /** For programs: this machine's, nothing of AWS in it. */
  readonly variables: EnvironmentVariables;
  readonly signal: AbortSignal;
}

export interface StepOptions {
  readonly variables?: EnvironmentVariables;
  /** Hears the shell's process id. */
  readonly onStarted?: (pid: number) => void;
}

/** What the stages work with. */
export class RehearsalContext {
  /** What was in an account before anything was deployed anywhere, by environment. */
  readonly inventories = new Map<string, string>();
  /** What the operator's commands looked like that the documents show, by file name. */
  readonly records = new Map<string, string>();
  readonly #opened: Place[] = [];
  #programs = 0;

  constructor(readonly parts: RehearsalParts) {}

  get dev(): Place {
    return this.parts.places.dev;
  }
  get sit(): Place {
    return this.parts.places.sit;
  }
  get prod(): Place {
    return this.parts.places.prod;
  }

  /** The three environments', and those of the stages of their own. */
  get allPlaces(): readonly Place[] {
    return [...Object.values(this.parts.places), ...this.#opened];
  }

  /**
   * An environment like dev in an empty account, for a stage that needs nothing of others.
   * @param name the environment's: in lower case, without hyphens.
   * @param accountId nobody else's.
   */
  async openPlace(name: string, accountId: string): Promise<Place> {
    const place = await this.parts.openPlace(name, accountId);
    this.#opened.push(place);
    return place;
  }

  /** Runs the operator's CLI as an operator would, in the environment's account. */
  ops(
    place: Place,
    args: string,
    variables: EnvironmentVariables = {},
    onPrinted?: (stdout: string) => void,
  ): Promise<Ended> {
    return this.#run(
      place,
      `ops ${args}`,
      process.execPath,
      ["--import", "tsx", "ops/main.ts", ...words(args)],
      variables,
      { onPrinted },
    );
  }

  /** The same, and something else besides, which begins when the CLI has printed a text. */
  async opsMeanwhile(
    place: Place,
    args: string,
    text: string,
    meanwhile: () => Promise<unknown>,
  ): Promise<Ended> {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const ended = this.ops(place, args, {}, (stdout) => {
      if (stdout.includes(text)) begin();
    });
    // If it ends without printing the text, the wait ends too.
    const [result] = await Promise.all([ended.finally(begin), begun.then(meanwhile)]);
    return result;
  }

  /** The same, and keeps what it looked like. */
  async recordedOps(name: string, place: Place, args: string): Promise<Ended> {
    const ended = await this.ops(place, args);
    this.records.set(name, `$ npm run ops -- ${args}\n${withoutTerraform(ended.stdout)}`);
    return ended;
  }

  cdktf(place: Place, args: string, variables: EnvironmentVariables = {}): Promise<Ended> {
    return this.#run(place, `cdktf ${args}`, "npx", ["cdktf", ...words(args)], variables);
  }

  terraform(place: Place, args: string): Promise<Ended> {
    const stack = join(place.workspace, "cdktf.out", "stacks", place.environment.environment);
    return this.#run(
      { ...place, workspace: stack },
      `terraform ${args}`,
      terraformBinary(this.parts.variables),
      words(args),
      {},
    );
  }

  /** Runs a step of a workflow as GitHub's runner does: a shell gets it as a file. A signal to that shell reaches nothing else. */
  async step(place: Place, run: string, { variables = {}, onStarted }: StepOptions = {}): Promise<Ended> {
    const file = join(place.workspace, "step.sh");
    await writeFile(file, `${run}\n`);
    return this.#run(place, run, "bash", ["-e", file], variables, { onStarted });
  }

  /** Delivers events as EventBridge does, side by side; resolves when the function is done with them. */
  send(place: Place, events: readonly EventBridgeEvent[], concurrency = 4): Promise<readonly Delivery[]> {
    return this.parts.aws.send(place.account, events, concurrency);
  }

  #run(
    place: Place,
    title: string,
    file: string,
    args: readonly string[],
    variables: EnvironmentVariables,
    listeners: Pick<ProgramOptions, "onPrinted" | "onStarted"> = {},
  ): Promise<Ended> {
    const number = String(++this.#programs).padStart(2, "0");
    const name = `${number} ${title} ${place.environment.environment}`.replaceAll(/[^A-Za-z0-9]+/g, "-");
    return runWithLog(file, args, {
      cwd: place.workspace,
      env: {
        ...this.parts.variables,
        TF_PLUGIN_CACHE_DIR: this.#pluginCacheOf(place),
        ...place.account.variables,
        ...variables,
      },
      logFile: join(this.parts.folder, `${name}.log`),
      signal: this.parts.signal,
      ...listeners,
    });
  }

  /**
   * A folder for each environment: Terraform's cache is not for two that initialize at once, and places are worked in side by side.
   * cdktf's own choice may be the very folder that the providers come from, which Terraform refuses.
   * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache
   */
  #pluginCacheOf({ environment }: Place): string {
    const folder = join(this.parts.folder, "terraform-plugins", environment.environment);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

const words = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");

/** What Terraform says amid a command's lines is long, and its own documents tell of it. */
const withoutTerraform = (output: string): string =>
  output.replaceAll(/^Initializing the backend[^]*?^(?=(?:pass|FAIL|skip|inconclusive) )/gm, "…\n");
