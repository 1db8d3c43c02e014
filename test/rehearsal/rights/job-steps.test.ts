import { expect } from "chai";
import { FIXED_COMMANDS } from "../../../ci/fixed-commands.ts";
import { jobSteps } from "../../../rehearsal/rights/job-steps.ts";
import { type Job, parseWorkflow, readWorkflow, workflowFiles } from "../../workflows/workflow.ts";

describe("The steps whose calls are compared with the rights of their roles", () => {
  const rehearsed = Object.values(jobSteps("dev")).flat();

  it("are all that the workflows run with a role", () => {
    const inWorkflows = workflowFiles.flatMap((file) =>
      Object.values(parseWorkflow(readWorkflow(file)).jobs).flatMap(stepsWithRole),
    );
    expect(
      [...new Set(rehearsed.map(({ purpose, args }) => describeStep(purpose, args)))].sort(),
    ).to.deep.equal([...new Set(inWorkflows)].filter((step) => !(step in WITHOUT_AWS)).sort());
  });

  it("are all commands that operate.yml offers", () => {
    const operated = rehearsed.flatMap(({ args }) => /^operate .* "(.+)"$/.exec(args)?.[1] ?? []);
    expect(operated.toSorted()).to.deep.equal(Object.keys(FIXED_COMMANDS).sort());
  });
});

/** They have a role because a later step of the job needs it. */
const WITHOUT_AWS = { "read: release-verify": "it asks GitHub" };

/** `read: drift`, for each step after the job has taken a role. */
const stepsWithRole = ({ steps = [] }: Job): readonly string[] => {
  let purpose = "";
  return steps.flatMap(({ uses, run, with: given = {} }) => {
    if (uses?.endsWith("/actions/setup") && given["environment"] !== undefined)
      purpose = String(given["purpose"]);
    const [, args] = /ci\/main\.ts (.+)/.exec(run ?? "") ?? [];
    return args === undefined || purpose === "" ? [] : [describeStep(purpose, args)];
  });
};

const describeStep = (purpose: string, args: string): string => {
  const [step = "", command = ""] = args.split(" ");
  return `${purpose}: ${["ops", "operate"].includes(step) ? `${step} ${command}` : step}`;
};
