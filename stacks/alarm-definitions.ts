import type { Environment } from "../envs/environment.ts";
import { ALARM_DEFAULTS, type AlarmDefinition } from "./alarm-definition.ts";
import { handlerAlarms } from "./handler-alarms.ts";
import { reconcilerAlarms } from "./reconciler-alarms.ts";

/** All alarms of an environment, whole but for whom they tell, by construct id. Pure: `verify` compares with them what AWS has. */
export const alarmDefinitions = (environment: Environment): Readonly<Record<string, AlarmDefinition>> =>
  Object.fromEntries(
    Object.entries({ ...handlerAlarms(environment), ...reconcilerAlarms(environment) }).map(([id, props]) => [
      id,
      { ...ALARM_DEFAULTS, ...props },
    ]),
  );
