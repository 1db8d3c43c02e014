import { createApp } from "../stacks/create-app.ts";
import { currentHandlerZip } from "../build/current-handler-zip.ts";
import { loadEnvironment } from "../envs/load.ts";
import { EventHandlerStack } from "../stacks/event-handler-stack.ts";
import { AccessStack } from "../stacks/access-stack.ts";
import { StateStack } from "../stacks/state-stack.ts";

/** What main.ts does, for as many environments as the argument says. */
const count = Number(process.argv[2]);
const dev = loadEnvironment("dev");
const handlerZip = await currentHandlerZip(undefined);

const app = createApp();
for (let index = 0; index < count; index++) {
  const environment = { ...dev, environment: `dev${index}` };
  new EventHandlerStack(app, environment.environment, { environment, handlerZip });
  new StateStack(app, `state-${environment.environment}`, environment);
  new AccessStack(app, `access-${environment.environment}`, { environment, all: [dev] });
}
app.synth();
