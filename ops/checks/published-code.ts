import { type Check, fail, pass } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { listVersions, publishVersion, readReadiness } from "../aws/lambda/version.ts";

/**
 * The code that was deployed is published as a version. Terraform has not done so when it was interrupted between the upload of the code
 * and that: its state then says that all is done, and no later plan would show what is missing.
 * @param deployed CodeSha256 of what the deployment ships; undefined when nobody knows. Other code is not published: somebody may have
 *   edited it by hand.
 */
export const publishedCode = (
  context: Context,
  deployed: () => Promise<string | undefined>,
  title = "Code published",
): Check => ({
  title,
  run: async () => {
    const [newest] = await listVersions(context);
    const { codeSha256 } = (await readReadiness(context)).version;
    if (newest?.codeSha256 === codeSha256) return pass(`version ${newest.number}`);
    if (codeSha256 !== (await deployed()))
      return fail(
        `CodeSha256 ${codeSha256}, of no published version and not what is deployed`,
        `the code of version ${newest?.number ?? "none"}`,
      );
    const number = await publishVersion(context, codeSha256);
    return pass(`version ${number}, which an interrupted deployment had not published`);
  },
});
