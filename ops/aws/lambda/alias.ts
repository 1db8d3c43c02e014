import {
  type AliasConfiguration,
  CreateAliasCommand,
  DeleteAliasCommand,
  GetAliasCommand,
  paginateListAliases,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { isNotFound } from "../explain-error.ts";
import { ObstacleError } from "../../../checklist/errors.ts";
import type { LambdaContext } from "./lambda-context.ts";

/** A name for a version. */
export interface Alias {
  readonly name: string;
  readonly version: string;
  /** Changes whenever the alias does. */
  readonly revisionId: string;
  readonly description: string;
  /** Other versions that take a share of the invocations. */
  readonly furtherVersions: readonly string[];
}

/**
 * The alias that the rules invoke.
 * @throws {ObstacleError} when there is none, saying what creates it.
 */
export const readLiveAlias = async (context: LambdaContext): Promise<Alias> => {
  const alias = await findLiveAlias(context);
  if (alias !== undefined) return alias;
  const { names, environment } = context;
  throw new ObstacleError(`${names.functionName} has no alias ${names.aliasName}`, {
    hint: "A deployment creates both",
    next: `npm run ops -- deploy ${environment.environment}`,
  });
};

/** The same; undefined when there is no such function, or it has no such alias. */
export const findLiveAlias = async ({ aws, names, signal }: LambdaContext): Promise<Alias | undefined> => {
  try {
    return toAlias(
      await aws.lambda.send(
        new GetAliasCommand({ FunctionName: names.functionName, Name: names.aliasName }),
        { abortSignal: signal },
      ),
    );
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
};

export const listAliases = async ({ aws, names, signal }: LambdaContext): Promise<readonly Alias[]> => {
  const aliases: Alias[] = [];
  for await (const { Aliases = [] } of paginateListAliases(
    { client: aws.lambda },
    { FunctionName: names.functionName },
    { abortSignal: signal },
  ))
    aliases.push(...Aliases.map(toAlias));
  return aliases;
};

export interface NewAlias {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

export const createAlias = async (
  { aws, names }: LambdaContext,
  { name, version, description }: NewAlias,
): Promise<void> => {
  await aws.lambda.send(
    new CreateAliasCommand({
      FunctionName: names.functionName,
      Name: name,
      FunctionVersion: version,
      Description: shorten(description),
    }),
  );
};

export const deleteAlias = async ({ aws, names }: LambdaContext, name: string): Promise<void> => {
  await aws.lambda.send(new DeleteAliasCommand({ FunctionName: names.functionName, Name: name }));
};

export interface AliasMove {
  /** As it was read before anything was decided. */
  readonly alias: Alias;
  readonly version: string;
  readonly description: string;
}

/**
 * Makes the alias point at another version, all of its traffic included.
 * @throws {ObstacleError} when it has changed since it was read: someone else is at work.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
 */
export const moveAlias = async (
  { aws, names, environment }: LambdaContext,
  { alias, version, description }: AliasMove,
): Promise<void> => {
  try {
    await aws.lambda.send(
      new UpdateAliasCommand({
        FunctionName: names.functionName,
        Name: alias.name,
        FunctionVersion: version,
        RoutingConfig: { AdditionalVersionWeights: {} },
        Description: shorten(description),
        RevisionId: alias.revisionId,
      }),
    );
  } catch (error) {
    if (!isPreconditionFailure(error)) throw error;
    throw new ObstacleError(
      `${alias.name} has changed since this command read it: someone else has moved it. It was left as it is`,
      {
        hint: "See where it points now, then start again",
        next: `npm run ops -- status ${environment.environment}`,
        cause: error,
      },
    );
  }
};

const isPreconditionFailure = (error: unknown): boolean =>
  error instanceof Error && error.name === "PreconditionFailedException";

/** The longest description that Lambda takes. */
const MAX_DESCRIPTION = 256;

const shorten = (description: string): string =>
  description.length <= MAX_DESCRIPTION ? description : `${description.slice(0, MAX_DESCRIPTION - 1)}…`;

const toAlias = ({
  Name = "",
  FunctionVersion = "",
  RevisionId = "",
  Description = "",
  RoutingConfig,
}: AliasConfiguration): Alias => ({
  name: Name,
  version: FunctionVersion,
  revisionId: RevisionId,
  description: Description,
  furtherVersions: Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}),
});
