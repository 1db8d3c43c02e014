import { expect } from "chai";
import { breachesOfReleases, readReleaseWorkflows, type ReleaseWorkflows } from "./release-rules.ts";

describe("a release's way from a commit to PROD", () => {
  const good = readReleaseWorkflows();

  it("keeps the rules", () => {
    expect(breachesOfReleases(good)).to.deep.equal([]);
  });

  const trips: readonly [
    what: string,
    file: keyof ReleaseWorkflows,
    from: string | RegExp,
    to: string,
    breach: string,
  ][] = [
    [
      "a build that hides who skipped the gates",
      "deploy-dev",
      ' --skip-tests="$SKIP_TESTS"',
      "",
      "who skips",
    ],
    ["a zip that nobody attests", "deploy-dev", /uses: actions\/attest@.*/, "run: npm ci", "nobody attests"],
    [
      "another file's attestation",
      "deploy-dev",
      "subject-path: dist/release/",
      "subject-path: dist/",
      "nobody attests",
    ],
    ["a deployment without it", "deploy-dev", "needs.attest.result == 'success'", "true", "is not attested"],
    [
      "no way for a quiet weekend",
      "promote-to-prod",
      "allow_idle:\n",
      "idle:\n",
      "prod has no input allow_idle",
    ],
    [
      "a way for the unverified that is open by default",
      "promote-to-sit",
      /(allow_unverified:[^]*?default: )false/,
      "$1true",
      "sit has no input allow_unverified",
    ],
    [
      "a candidate that nobody verifies",
      "promote-to-prod",
      "release-verify prod",
      "release-check",
      "is not fetched, verified",
    ],
    [
      "a gate that judges whatever is live",
      "promote-to-sit",
      ' --version="$VERSION"',
      "",
      "does not judge the candidate",
    ],
    [
      "gates of main",
      "promote-to-prod",
      "    with:\n      commit: ${{ needs.candidate.outputs.commit }}\n\n  candidate",
      "\n  candidate",
      "gates before prod are not those of the candidate",
    ],
    [
      "a gate of main",
      "quality-gates",
      "ref: ${{ inputs.commit }}",
      "ref: main",
      "is not that of the commit that is shipped",
    ],
    [
      "a promotion that an advisory of the tools stops",
      "quality-gates",
      "        continue-on-error: ${{ inputs.commit != '' }}\n",
      "",
      "stops a promotion",
    ],
    [
      "a pull request that an advisory of the tools does not stop",
      "quality-gates",
      "${{ inputs.commit != '' }}",
      "true",
      "or no pull request",
    ],
    [
      "an advisory of the zip that stops nothing",
      "quality-gates",
      "npm run audit -- zip",
      "npm run audit -- tools",
      "of the zip's packages stops nothing",
    ],
    [
      "a gate that fails for nobody",
      "quality-gates",
      "- run: npm run secrets",
      "- continue-on-error: true\n        run: npm run secrets",
      "a gate is no gate",
    ],
    [
      "a gate for some",
      "quality-gates",
      "- run: npm run secrets",
      "- if: false\n        run: npm run secrets",
      "a gate is left out",
    ],
    [
      "a plan of main",
      "promote-to-sit",
      "ref: ${{ needs.candidate.outputs.commit }}",
      "ref: main",
      "see the plan of another commit",
    ],
    [
      "the infrastructure of main",
      "promote-to-prod",
      "commit: ${{ needs.candidate.outputs.commit }}\n      gate:",
      "gate:",
      "the infrastructure of another commit",
    ],
    [
      "a gate that judges something else after the approval",
      "promote-to-sit",
      "gate_version: ${{ needs.candidate.outputs.version }}",
      "gate_version: ''",
      "judges something else after the approval",
    ],
    ["an apply of main", "deploy", "ref: ${{ inputs.commit }}", "ref: main", "is not that of the commit"],
    [
      "bytes that nobody compares",
      "deploy",
      "main.ts release-check",
      "main.ts release-build",
      "in this order",
    ],
    [
      "an order that nobody looks at",
      "deploy",
      "main.ts release-turn",
      "main.ts release-check",
      "in this order",
    ],
    [
      "an older commit that overtakes",
      "deploy",
      "if: ${{ steps.turn.outputs.turn == 'mine' }}\n        run: exec node --import tsx ci/main.ts ops deploy",
      "run: exec node --import tsx ci/main.ts ops deploy",
      "ops deploy runs although",
    ],
    [
      "a wrong version that stays live",
      "deploy",
      'ops deploy "$ENVIRONMENT" --rollback',
      'ops deploy "$ENVIRONMENT"',
      "stays live",
    ],
    [
      "a version of unknown origin",
      "deploy",
      " --provenance=dist/release/provenance.json",
      "",
      "nobody can tell later",
    ],
    [
      "a watch that gives up with verify",
      "deploy",
      "!cancelled() && inputs.mon",
      "inputs.mon",
      "depends on what verify said",
    ],
    [
      "a watch after nothing",
      "deploy",
      "needs.deploy.outputs.deployed == 'failure'",
      "true",
      "depends on what verify said",
    ],
    [
      "a watch that rolls back another's release",
      "deploy",
      " --zip=dist/release/handler.zip --reason",
      " --reason",
      "may roll back",
    ],
  ];
  for (const [what, file, from, to, breach] of trips) {
    it(`breaks them by ${what}`, () => {
      const bad = good[file].replace(from, to);
      expect(bad).not.to.equal(good[file]);
      expect(breachesOfReleases({ ...good, [file]: bad }).join("\n")).to.include(breach);
    });
  }
});
