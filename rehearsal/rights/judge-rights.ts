import type { PolicyDocument } from "../../stacks/policy-document.ts";
import { isAllowedByRole } from "../emulator/permissions.ts";
import { type NeededRight, neededRights } from "./needed-rights.ts";
import type { RecordedCall } from "./recorded-call.ts";

export interface RoleWithRights {
  readonly arn: string;
  readonly policies: readonly PolicyDocument[];
  /** What it may do and did not, with the reason, by action. */
  readonly uncalled: Readonly<Record<string, string>>;
  /** What it may not do and tries all the same, as it can do without, with the reason. */
  readonly tried?: Readonly<Record<string, string>>;
}

export interface RightsJudgement {
  readonly calls: number;
  /** What was called and would be refused by AWS, a line each. */
  readonly refused: readonly string[];
  /** Actions that are allowed, were not called, and of which nobody says why. */
  readonly unexplained: readonly string[];
  /** Actions that are listed as not called, and were, or are not allowed; and as tried, and were not, or are allowed. */
  readonly wronglyExplained: readonly string[];
}

/**
 * Compares what a role did with what it may do.
 * @param calls those of the role are judged.
 */
export const judgeRights = async (
  { arn, policies, uncalled, tried = {} }: RoleWithRights,
  calls: readonly RecordedCall[],
): Promise<RightsJudgement> => {
  const documents = policies.map((policy) => JSON.stringify(policy));
  const own = distinct(calls.filter(({ role }) => role === arn));
  const needed = (await Promise.all(own.map(neededRights))).flat();
  const called = new Set(needed.map(({ action }) => action));
  const allowed = new Set(
    policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => [Action].flat())),
  );
  return {
    calls: own.length,
    refused: [
      ...new Set(
        needed.filter((right) => !(right.action in tried) && !isGranted(documents, right)).map(describe),
      ),
    ].sort(),
    unexplained: [...allowed].filter((action) => !called.has(action) && !(action in uncalled)).sort(),
    wronglyExplained: [
      ...Object.keys(uncalled).filter((action) => called.has(action) || !allowed.has(action)),
      ...Object.keys(tried).filter((action) => !called.has(action) || allowed.has(action)),
    ],
  };
};

const isGranted = (documents: readonly string[], { action, resources, context }: NeededRight): boolean =>
  resources.some((resource) => isAllowedByRole(documents, { action, resource, context }));

const describe = ({ action, resources }: NeededRight): string => `${action} on ${resources.join(" or ")}`;

/** A rehearsal makes the same call many times. */
const distinct = (calls: readonly RecordedCall[]): readonly RecordedCall[] => [
  ...new Map(calls.map((call) => [JSON.stringify(call), call])).values(),
];
