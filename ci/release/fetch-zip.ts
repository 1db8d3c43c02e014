import type { Environment } from "../../envs/environment.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { fetchCode } from "../../ops/aws/lambda/fetch-code.ts";
import type { StepContext } from "../step-context.ts";

/** Fetches the bytes of a version of an environment's function; `$LATEST` is what Terraform deployed last. */
export const fetchZip = (
  context: StepContext,
  environment: Environment,
  qualifier: string,
): Promise<Uint8Array> =>
  fetchCode(
    {
      aws: context.createAws(environment.region),
      names: resourceNames(environment),
      environment,
      signal: context.signal,
    },
    qualifier,
  );
