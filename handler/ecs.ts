import { ECSClient } from "@aws-sdk/client-ecs";
import { requestHandler } from "./aws-clients.ts";

export { ListTagsForResourceCommand } from "@aws-sdk/client-ecs";

export const createEcsClient = (maxAttempts: number): ECSClient =>
  new ECSClient({ maxAttempts, requestHandler });
