import { type Check, fail, pass } from "../../checklist/check.ts";
import { handlerPolicy, handlerTrustPolicy } from "../../stacks/handler-policy.ts";
import type { PolicyDocument } from "../../stacks/policy-document.ts";
import { reconcilerPolicy } from "../../stacks/reconciler-policy.ts";
import { findPolicyDifferences, findTrustDifferences } from "../../stacks/role-differences.ts";
import { isNotFound } from "../aws/explain-error.ts";
import { readRolePolicies, readTrustPolicy } from "../aws/role-policies.ts";
import type { Context } from "../context.ts";
import { settling } from "./settling.ts";

export interface ExpectedRole {
  /** As the checks call it: `Schedule's role`. */
  readonly title: string;
  readonly name: string;
  readonly policy: PolicyDocument;
  readonly trust: PolicyDocument;
  /** For people. */
  readonly may: string;
  readonly trusted: string;
}

/**
 * A role may do what it was deployed to do and nothing else, and nobody else may take it on.
 * @param released after a deployment that has just been made, which IAM may not show yet.
 */
export const roleChecks = (context: Context, role: ExpectedRole, released: boolean): readonly Check[] => {
  const check = (
    title: string,
    expected: string,
    findDifferences: () => Promise<readonly string[]>,
  ): Check => ({
    title,
    run: async () => {
      try {
        const differences = await findDifferences();
        return differences.length === 0 ? pass(expected) : fail(differences.join("; "), expected);
      } catch (error) {
        if (isNotFound(error)) return fail(`there is no role ${role.name}`, expected);
        throw error;
      }
    },
  });
  const checks = [
    check(role.title, role.may, async () =>
      findPolicyDifferences(await readRolePolicies(context, role.name), [role.policy]),
    ),
    check(`Trust of the ${role.title.toLowerCase()}`, role.trusted, async () =>
      findTrustDifferences(await readTrustPolicy(context, role.name), role.trust),
    ),
  ];
  return released ? settling(context, checks) : checks;
};

const FUNCTION_ROLE = {
  may: "may do what it was deployed to do, and nothing else",
  trusted: "Lambda, and nobody else",
} as const;

/** A function whose role is not as deployed loses events, or may do what nobody meant it to. */
export const handlerRoleChecks = (context: Context, released: boolean): readonly Check[] =>
  roleChecks(
    context,
    {
      ...FUNCTION_ROLE,
      title: "Function's role",
      name: context.names.roleName,
      policy: handlerPolicy(context.environment),
      trust: handlerTrustPolicy(),
    },
    released,
  );

export const reconcilerRoleChecks = (context: Context, released: boolean): readonly Check[] =>
  roleChecks(
    context,
    {
      ...FUNCTION_ROLE,
      title: "Reconciler's role",
      name: context.names.reconciler.roleName,
      policy: reconcilerPolicy(context.environment),
      trust: handlerTrustPolicy(),
    },
    released,
  );
