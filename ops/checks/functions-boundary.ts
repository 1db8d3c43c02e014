import { type Check, fail, pass } from "../../checklist/check.ts";
import { boundaryPolicy } from "../../stacks/boundary-policy.ts";
import { functionsBoundaryArn } from "../../stacks/functions-boundary.ts";
import { findMissingGrants, findPolicyDifferences } from "../../stacks/role-differences.ts";
import { isForbidden, isNotFound } from "../aws/explain-error.ts";
import { readManagedPolicy } from "../aws/role-policies.ts";
import type { Context } from "../context.ts";

/** The most that the functions' roles can do: the role that deploys can give a role no more than this. */
export const functionsBoundary = (context: Context): Check => {
  const { boundaryArn, boundaryName } = context.names;
  return {
    title: `Boundary ${boundaryName}`,
    run: async () => {
      const expected = "exactly what the functions may do";
      try {
        const found = await readManagedPolicy(context, boundaryArn);
        const differences = findPolicyDifferences([found], [boundaryPolicy(context.environment)]);
        return differences.length === 0 ? pass(expected) : fail(differences.join("; "), expected);
      } catch (error) {
        if (isNotFound(error)) return fail("no such policy", expected);
        throw error;
      }
    },
  };
};

/**
 * The stack's roles carry the boundary, so it must be there before them. One that lacks what this version's functions do would
 * take it from them: the release would fail, for a reason that no policy of theirs shows.
 */
export const boundaryInPlace = (
  context: Pick<Context, "aws" | "environment" | "names" | "signal">,
): readonly Check[] => {
  const { environment, names } = context;
  const arn = functionsBoundaryArn(environment);
  if (arn === undefined) return [];
  const expected = "there, with all that the functions may do";
  const failed = (found: string) => ({
    ...fail(found, expected),
    hint: `An administrator of the account deploys the stack that has it; or remove permissionsBoundary from envs/${environment.environment}.json`,
    next: `npx cdktf deploy access-${environment.environment}`,
  });
  return [
    {
      title: `Boundary ${names.boundaryName}`,
      run: async () => {
        try {
          const found = await readManagedPolicy(context, arn);
          const missing = findMissingGrants([found], [boundaryPolicy(environment)]);
          return missing.length === 0 ? pass(expected) : failed(missing.join("; "));
        } catch (error) {
          if (isForbidden(error)) return failed("these credentials may not read it");
          if (isNotFound(error)) return failed("no such policy");
          throw error;
        }
      },
    },
  ];
};
