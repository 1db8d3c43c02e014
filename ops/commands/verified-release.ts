import { type Check, pass } from "../../checklist/check.ts";
import { lazy } from "../../checklist/lazy.ts";
import type { Stage } from "../../checklist/stage.ts";
import { ofReconciler } from "../aws/lambda/reconciler-context.ts";
import { describeOrigin } from "../aws/lambda/release-record.ts";
import { startBaseline } from "../checks/baseline.ts";
import { synthesizedCodeSha256 } from "../checks/infrastructure.ts";
import { describeMoveByOthers } from "../checks/moved-by-others.ts";
import { publishedCode } from "../checks/published-code.ts";
import type { Context } from "../context.ts";
import { readProvenance } from "../release/provenance.ts";
import { releaseStage, type Shipment } from "./release.ts";
import { rollbackStage } from "../checks/rollback-stage.ts";
import { verifyChecks } from "./verify.ts";

export interface VerifiedReleaseOptions {
  readonly reason: string;
  /** Go back when verify fails. */
  readonly rollback?: true | undefined;
  /** The file that says where the code comes from; without it, from this machine. */
  readonly provenance?: string | undefined;
  /** The rules of an old version may be there too. */
  readonly otherRules?: boolean | undefined;
}

/** Release and verify; and, when that is wanted, back when verify finds the version that has gone live wrong. */
export const verifiedRelease = (
  context: Context,
  { reason, rollback, provenance, otherRules }: VerifiedReleaseOptions,
): Stage => {
  const startedAt = context.clock.now();
  let moved: { readonly at: Date; readonly version: string } | undefined;
  const failures: string[] = [];
  const baseline = startBaseline(context);
  const shipment = lazy(() => readShipment(provenance));
  const deployed = async (): Promise<string | undefined> =>
    (await shipment()).codeSha256 ?? (await synthesizedCodeSha256(context.environment.environment));
  const release = releaseStage(context, {
    reason,
    shipment,
    baseline,
    onMoved: (at, version) => {
      moved = { at, version };
    },
  });
  const verify = verifyChecks(context, { since: () => moved?.at ?? startedAt, baseline }, { otherRules });
  const reaction = rollbackStage(context, {
    reason: () => `verify failed: ${failures.join(", ")}; ${reason}`,
  });
  // Asked once, before the alias moves: afterwards it tells of this command's own rollback.
  const findReasonToStay = lazy(async () => {
    if (moved === undefined) return "the alias was not moved";
    if (failures.length === 0) return "verify did not fail";
    return describeMoveByOthers(context, moved.version);
  });
  return {
    // The rollback is there for the case that verify failed.
    runs: "all",
    checks: [
      {
        runs: "until-failure",
        checks: [
          {
            ...release,
            title: "release",
            checks: [
              publishedCode(context, deployed),
              publishedCode(ofReconciler(context), deployed, "Reconciler's code published"),
              ...release.checks,
            ],
          },
          { title: "verify", runs: "all", checks: verify.map((check) => noteFailure(check, failures)) },
        ],
      },
      ...(rollback === true ? [{ ...reaction, title: "rollback", skip: findReasonToStay }] : []),
    ],
  };
};

/** Read before anything is changed: without it nobody could tell later what was shipped. */
export const provenanceChecks = (provenance: string | undefined): readonly Check[] =>
  provenance === undefined
    ? []
    : [
        {
          title: "Provenance",
          run: async () => pass(describeOrigin((await readProvenance(provenance)).origin)),
        },
      ];

const readShipment = async (provenance: string | undefined): Promise<Shipment> => {
  if (provenance === undefined) return { origin: { kind: "machine" }, codeSha256: undefined };
  const { origin, codeSha256 } = await readProvenance(provenance);
  return { origin, codeSha256 };
};

/** Remembers a check that fails by its title. */
const noteFailure = (check: Check, failures: string[]): Check => ({
  ...check,
  run: async (progress) => {
    try {
      const finding = await check.run(progress);
      if (finding.outcome === "fail") failures.push(check.title);
      return finding;
    } catch (error) {
      failures.push(check.title);
      throw error;
    }
  },
});
