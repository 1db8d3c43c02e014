import { lazy } from "../../checklist/lazy.ts";
import { ObstacleError } from "../../checklist/errors.ts";
import { listTargets } from "../aws/eventbridge/rules.ts";
import { findStack, type OwnerStack } from "../aws/cloudformation/stack.ts";
import type { Context } from "../context.ts";
import { type Existing, findAll, findExisting } from "./existing-resources.ts";
import { listOldRules, readOwnerStackName } from "./old-version.ts";
import { retainedIn } from "./retained-template.ts";
import { sortStackParts, type StackParts } from "./stack-parts.ts";

/** What there is to take over. Each is looked up once, when it is first asked for: nothing is remembered between two runs. */
export interface Adoption {
  readonly stackName: () => Promise<string>;
  readonly stack: () => Promise<OwnerStack | undefined>;
  /** Of our stack, there, and not in the Terraform state. */
  readonly existing: () => Promise<readonly Existing[]>;
  /** Of the old stack; undefined when there is none. */
  readonly parts: () => Promise<StackParts | undefined>;
  /** The old stack's logical ids that it has to leave behind and does not yet. */
  readonly toRetain: () => Promise<readonly string[]>;
  readonly oldRules: () => Promise<readonly string[]>;
  /** Why the old stack cannot be deleted, a line each. */
  readonly foreign: () => Promise<readonly string[]>;
}

/** @param given the stack's name or ARN, if the operator named it. */
export const surveyAdoption = (context: Context, given: string | undefined): Adoption => {
  const { names } = context;
  const stackName = lazy(async () => given ?? (await readOwnerStackName(context)) ?? names.functionName);
  const stack = lazy(async () => {
    const name = await stackName();
    requireOwnAccount(context, name);
    const found = await findStack(context, name);
    if (found === undefined && given !== undefined)
      throw new ObstacleError(`there is no stack ${given}`, { hint: "See aws cloudformation list-stacks" });
    return found;
  });
  const existing = lazy(() => findExisting(context));
  const all = lazy(() => findAll(context));
  const parts = lazy(async () => {
    const found = await stack();
    if (found === undefined) return undefined;
    const ids = (await all()).map(({ id }) => id);
    return sortStackParts(found.resources, {
      functionName: names.functionName,
      ids,
      retained: retainedIn(found.template),
    });
  });
  return {
    stackName,
    stack,
    existing,
    parts,
    toRetain: lazy(async () => {
      const found = await stack();
      if (found === undefined) return [];
      const retained = retainedIn(found.template);
      return ((await parts())?.kept ?? [])
        .map(({ logicalId }) => logicalId)
        .filter((logicalId) => !retained.has(logicalId));
    }),
    oldRules: lazy(() => listOldRules(context)),
    foreign: lazy(async () => {
      const { foreign = [], leaving = [] } = (await parts()) ?? {};
      return [
        ...foreign.map(({ type, physicalId }) => `${type} ${physicalId}`),
        ...(await findOtherTargets(context, leaving.filter(isRule).map(ruleName))),
      ];
    }),
  };
};

const isRule = ({ type }: { readonly type: string }): boolean => type === "AWS::Events::Rule";

/** CloudFormation calls a rule by its name, and by its ARN where it is on a bus of its own. */
const ruleName = ({ physicalId }: { readonly physicalId: string }): string =>
  physicalId.slice(physicalId.lastIndexOf("/") + 1).replace(/^.*\|/, "");

/** A rule that serves others too would be missed by them. */
const findOtherTargets = async (context: Context, rules: readonly string[]): Promise<readonly string[]> => {
  const others: string[] = [];
  for (const rule of rules)
    for (const [arn] of await listTargets(context, rule))
      if (arn !== context.names.functionArn && !arn.startsWith(`${context.names.functionArn}:`))
        others.push(`the rule ${rule}, which also serves ${arn}`);
  return others;
};

const requireOwnAccount = ({ environment }: Context, name: string): void => {
  const [, , , region, account] = name.startsWith("arn:") ? name.split(":") : [];
  if (account === undefined || (account === environment.accountId && region === environment.region)) return;
  throw new ObstacleError(`${name} is of the account ${account} in ${region ?? "no region"}`, {
    hint: `Only stacks of ${environment.accountId} in ${environment.region} can be taken over`,
  });
};
