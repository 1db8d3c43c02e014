import type { Answer } from "../../handler/answer.ts";
import { type Answers, awsError } from "./recorded-aws.ts";

/** Lambda's memory of one function: what the commands do to it shows in what it answers next. */
export interface FunctionAnswers {
  readonly answers: Answers;
  /** Alias by name: its version. */
  readonly aliases: () => Readonly<Record<string, string>>;
  readonly descriptionOf: (alias: string) => string | undefined;
  /** As if another operator had moved the alias. */
  readonly moveAlias: (alias: string, version: string, description?: string) => void;
}

/** Both functions of the zip. */
export interface BothFunctions extends FunctionAnswers {
  readonly reconciler: FunctionAnswers;
}

export interface FunctionOptions {
  /** CodeSha256 by version. */
  readonly versions: Readonly<Record<string, string>>;
  readonly aliases: Readonly<Record<string, string>>;
  /** Descriptions of aliases, by name; the others have none. */
  readonly descriptions?: Readonly<Record<string, string>>;
  /** Shares of further versions, by alias and version: `{ "latest-dev": { 7: 0.1 } }`. */
  readonly weights?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** CodeSha256 of what was uploaded and not published; without it, that of the newest version. */
  readonly unpublished?: string | undefined;
  /** Roles of versions, by number; AWS tells of no role of the others. */
  readonly roles?: Readonly<Record<string, string>>;
  /** Versions that throw, whatever they are invoked with. */
  readonly broken?: readonly string[];
  /** Called when a version or alias is invoked. */
  readonly onInvoke?: (qualifier: string) => void;
  /** What the reconciler has that is not as the handler's; `none` when it is not there at all. */
  readonly reconciler?: Partial<FunctionOptions> | "none";
}

interface StoredAlias {
  Name: string;
  FunctionVersion: string;
  Description: string;
  RevisionId: string;
  RoutingConfig?: { AdditionalVersionWeights: Record<string, number> };
}

/**
 * The handler, and the reconciler beside it: with the same versions, at the same one, unless said otherwise. Which of
 * them is meant, each request says.
 */
export const functionAnswers = ({ reconciler: own = {}, ...options }: FunctionOptions): BothFunctions => {
  const handler = answersOfOne(options, UNKNOWN_TENANT);
  const aliases = Object.entries(options.aliases).filter(([name]) => name.startsWith("latest-"));
  const reconciler = answersOfOne(
    {
      versions: options.versions,
      aliases: Object.fromEntries(aliases),
      unpublished: options.unpublished,
      ...(own === "none" ? { versions: {}, aliases: {} } : own),
    },
    READY,
  );
  const answers = Object.fromEntries(
    Object.keys(handler.answers).map((command) => [
      command,
      (input: { FunctionName: string }) =>
        (input.FunctionName.includes("reconciler") ? reconciler : handler).answers[command]?.(input as never),
    ]),
  );
  return { ...handler, answers, reconciler };
};

const READY = { status: "ready", environment: "dev", services: 12, repair: true };

const answersOfOne = (
  {
    versions: published,
    aliases: given,
    descriptions = {},
    weights = {},
    unpublished,
    broken = [],
    roles = {},
    onInvoke = () => undefined,
  }: Omit<FunctionOptions, "reconciler">,
  answer: object,
): FunctionAnswers => {
  const versions: Record<string, string> = { ...published };
  let revision = 0;
  const store = (Name: string, FunctionVersion: string, Description = ""): StoredAlias => {
    const alias = { Name, FunctionVersion, Description, RevisionId: `revision-${++revision}` };
    stored.set(Name, alias);
    return alias;
  };
  const stored = new Map<string, StoredAlias>();
  const find = (name: string): StoredAlias => {
    const alias = stored.get(name);
    if (alias === undefined) throw awsError("ResourceNotFoundException", `Cannot find alias ${name}`);
    return alias;
  };
  for (const [name, version] of Object.entries(given)) store(name, version, descriptions[name]);
  for (const [name, AdditionalVersionWeights] of Object.entries(weights))
    find(name).RoutingConfig = { AdditionalVersionWeights };

  const describeVersion = (version: string): object => {
    if (versions[version] === undefined)
      throw awsError("ResourceNotFoundException", `Function not found: ${version}`);
    return {
      Version: version,
      CodeSha256: versions[version],
      LastModified: `2026-03-0${version.slice(-1)}T10:00:00.000+0000`,
      State: "Active",
      LastUpdateStatus: "Successful",
      Role: roles[version],
    };
  };

  return {
    answers: {
      GetAliasCommand: ({ Name }: { Name: string }) => find(Name),
      // Two pages, as a long list has them.
      ListAliasesCommand: ({ Marker }: { Marker?: string }) => {
        const all = [...stored.values()];
        return Marker === undefined
          ? { Aliases: all.slice(0, 1), NextMarker: "more" }
          : { Aliases: all.slice(1) };
      },
      ListVersionsByFunctionCommand: () => ({
        Versions: [{ Version: "$LATEST" }, ...Object.keys(versions).map(describeVersion)],
      }),
      GetFunctionConfigurationCommand: ({ Qualifier }: { Qualifier?: string }) => {
        const newest = Object.keys(versions).at(-1) ?? "";
        const version = Qualifier ?? newest;
        if (Qualifier === undefined && unpublished !== undefined)
          return { ...describeVersion(newest), Version: "$LATEST", CodeSha256: unpublished };
        const resolved = stored.get(version)?.FunctionVersion ?? version;
        return resolved === "$LATEST"
          ? { ...describeVersion(newest), Version: "$LATEST" }
          : describeVersion(resolved);
      },
      PublishVersionCommand: ({ CodeSha256 }: { CodeSha256: string }) => {
        if (CodeSha256 !== unpublished) throw awsError("InvalidParameterValueException", "CodeSha256");
        const number = String(Number(Object.keys(versions).at(-1)) + 1);
        versions[number] = CodeSha256;
        return describeVersion(number);
      },
      InvokeCommand: ({ Qualifier }: { Qualifier: string }) => {
        onInvoke(Qualifier);
        const version = stored.get(Qualifier)?.FunctionVersion ?? Qualifier;
        return broken.includes(version)
          ? handlerThrew("Runtime.ImportModuleError", "Cannot find module 'index'")
          : handlerAnswered(answer);
      },
      CreateAliasCommand: (input: { Name: string; FunctionVersion: string; Description: string }) => {
        if (stored.has(input.Name)) throw awsError("ResourceConflictException", "Alias already exists");
        return store(input.Name, input.FunctionVersion, input.Description);
      },
      UpdateAliasCommand: (input: {
        Name: string;
        FunctionVersion: string;
        Description: string;
        RevisionId: string;
      }) => {
        if (find(input.Name).RevisionId !== input.RevisionId)
          throw awsError("PreconditionFailedException", "The RevisionId provided does not match the latest");
        return store(input.Name, input.FunctionVersion, input.Description);
      },
      DeleteAliasCommand: ({ Name }: { Name: string }) => {
        stored.delete(Name);
        return {};
      },
    },
    aliases: () =>
      Object.fromEntries([...stored].map(([name, { FunctionVersion }]) => [name, FunctionVersion])),
    descriptionOf: (name) => stored.get(name)?.Description,
    moveAlias: (name, version, description) => {
      store(name, version, description);
    },
  };
};

const UNKNOWN_TENANT: Answer = {
  status: "ignored",
  reason: "unknown_tenant",
  event: "SERVICE_STEADY_STATE",
  message: "No row for tenant test-tenant",
};

/** Lambda's answer when the function returned. */
export const handlerAnswered = (answer: unknown): object => ({
  StatusCode: 200,
  Payload: Buffer.from(JSON.stringify(answer)),
});

/** Lambda's answer when the function threw. */
export const handlerThrew = (errorType: string, errorMessage: string): object => ({
  StatusCode: 200,
  FunctionError: "Unhandled",
  Payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
});
