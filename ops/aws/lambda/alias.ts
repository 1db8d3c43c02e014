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
import { describeLastMove } from "./release-record.ts";

/** A share of an alias's invocations that somebody has given to another version by hand. */
interface TrafficShare {
  readonly version: string;
  /** Above 0, at most 100. */
  readonly percent: number;
}

/** A name for a version. */
export interface Alias {
  readonly name: string;
  readonly version: string;
  /** Changes whenever the alias does. */
  readonly revisionId: string;
  readonly description: string;
  /** Of other versions, set by hand: no release and no rollback leaves any. */
  readonly shares: readonly TrafficShare[];
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

/** @throws {ObstacleError} when there is one of this name: someone else has made it a moment ago. */
export const createAlias = async (
  context: LambdaContext,
  { name, version, description }: NewAlias,
): Promise<void> => {
  const { aws, names } = context;
  try {
    await aws.lambda.send(
      new CreateAliasCommand({
        FunctionName: names.functionName,
        Name: name,
        FunctionVersion: version,
        Description: shortenDescription(description),
      }),
    );
  } catch (error) {
    if (!isConflict(error)) throw error;
    throw someoneElse(context, `the alias ${name} was there already`, error);
  }
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
 * Makes the alias point at another version, all of its traffic included. Of two at once, the one that comes second finds another
 * revision than it has read and changes nothing; who came first, and when, stands in the description that was written with the move.
 * @throws {ObstacleError} when it has changed since it was read: someone else is at work.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
 */
export const moveAlias = async (
  context: LambdaContext,
  { alias, version, description }: AliasMove,
): Promise<void> => {
  const { aws, names } = context;
  try {
    await aws.lambda.send(
      new UpdateAliasCommand({
        FunctionName: names.functionName,
        Name: alias.name,
        FunctionVersion: version,
        RoutingConfig: { AdditionalVersionWeights: {} },
        Description: shortenDescription(description),
        RevisionId: alias.revisionId,
      }),
    );
  } catch (error) {
    if (!isPreconditionFailure(error)) throw error;
    throw someoneElse(context, await describeRival(context, alias), error);
  }
};

/**
 * What stops the second of two operators.
 * @param who who it is, and when: `jo: release of version 8 at …`
 */
const someoneElse = ({ environment }: LambdaContext, who: string, cause: unknown): ObstacleError =>
  new ObstacleError(`someone else is at work (${who}); nothing was changed`, {
    hint: "See what is live now, then start again",
    next: `npm run ops -- status ${environment.environment}`,
    cause,
  });

const describeRival = async (context: LambdaContext, read: Alias): Promise<string> => {
  const now = await findLiveAlias(context);
  if (now === undefined) return `${read.name} was deleted`;
  return (
    (now.description === read.description ? undefined : describeLastMove(now)) ??
    `${read.name} was changed by hand; who did it stands in CloudTrail under UpdateAlias`
  );
};

const isConflict = (error: unknown): boolean =>
  error instanceof Error && error.name === "ResourceConflictException";

const isPreconditionFailure = (error: unknown): boolean =>
  error instanceof Error && error.name === "PreconditionFailedException";

/** The longest description that Lambda takes. */
const MAX_DESCRIPTION = 256;

/** As Lambda keeps it. */
export const shortenDescription = (description: string): string =>
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
  shares: Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {})
    .filter(([, weight]) => weight > 0)
    // Weights have two digits after the point, and floats many more.
    .map(([version, weight]) => ({ version, percent: Math.round(weight * 10_000) / 100 })),
});
