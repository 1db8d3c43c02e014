import { createApp } from "./stacks/create-app.ts";
import { currentHandlerZip, HandlerZipError } from "./build/current-handler-zip.ts";
import { describeExplanation, ObstacleError } from "./checklist/errors.ts";
import { visibleLines } from "./checklist/visible.ts";
import { EnvironmentFileError } from "./envs/errors.ts";
import { loadEnvironments } from "./envs/load.ts";
import { EventHandlerStack } from "./stacks/event-handler-stack.ts";
import { AccessStack } from "./stacks/access-stack.ts";
import { StateStack } from "./stacks/state-stack.ts";
import { placeProviderLock } from "./stacks/terraform/provider-lock.ts";
import { substituteProvider } from "./stacks/substitute-provider.ts";
import { isSubstituted, SUBSTITUTION_SWITCH, SubstitutionError } from "./stacks/substitution.ts";

/** The program that `cdktf` runs: for each environment the stack of that name, and the stack of its state bucket. */
try {
  const environments = loadEnvironments();
  // eslint-disable-next-line no-restricted-syntax -- an edge; a promotion names here the zip that was tested
  const handlerZip = await currentHandlerZip(process.env["HANDLER_ZIP"]);

  const app = createApp();
  for (const environment of environments) {
    new EventHandlerStack(app, environment.environment, { environment, handlerZip });
    new StateStack(app, `state-${environment.environment}`, environment);
    new AccessStack(app, `access-${environment.environment}`, { environment, all: environments });
  }
  // eslint-disable-next-line no-restricted-syntax -- an edge; set by a trial on a machine without the provider
  const substituted = isSubstituted(process.env[SUBSTITUTION_SWITCH]);
  if (substituted) substituteProvider(app);
  app.synth();
  if (!substituted) placeProviderLock(app.outdir);
} catch (error) {
  const isOperators =
    error instanceof EnvironmentFileError ||
    error instanceof HandlerZipError ||
    error instanceof ObstacleError ||
    error instanceof SubstitutionError;
  if (!isOperators) throw error;
  console.error(visibleLines(error instanceof ObstacleError ? describeExplanation(error) : error.message));
  process.exitCode = 1;
}
