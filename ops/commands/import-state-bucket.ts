import { rightAccount } from "../checks/account.ts";
import { stateBucketImport } from "../checks/state-bucket-import.ts";
import { declareEnvironmentCommand } from "../command.ts";

export const importStateBucket = declareEnvironmentCommand({
  name: "import-state-bucket",
  summary: "bring back the lost Terraform state of the stack state-<environment>",
  description:
    "The stack of the state bucket keeps its own state in a local file, terraform.state-<environment>.tfstate, for there is no bucket yet when it is " +
    "deployed. When the file is lost, this command imports the bucket, with its versioning, encryption, " +
    "lifecycle, policy and public access block, into a new one. The environment's own state in the bucket is not touched. " +
    "Without --apply it only says what it would do. It refuses a plan that would create, replace or destroy the bucket. It " +
    "can be stopped and run again.",
  examples: ["import-state-bucket dev", "import-state-bucket dev --apply"],
  options: (command) => command.option("--apply", "import"),
  isDryRun: ({ apply }) => apply !== true,
  runsPrograms: true,
  plan: (context) => {
    const { checks, cleanUp } = stateBucketImport(context);
    return {
      runs: "all",
      checks: [
        {
          title: "import",
          runs: "until-failure",
          checks: [rightAccount(context), ...checks],
        },
        cleanUp,
      ],
    };
  },
});
