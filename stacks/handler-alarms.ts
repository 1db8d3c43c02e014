import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { type AlarmProps, combined } from "./alarm-definition.ts";
import { fleetMetrics } from "./fleet-metrics.ts";
import { metrics, single } from "./metrics.ts";

const FIVE_MINUTES = 5 * 60;
const HOUR = 60 * 60;

/** For so many hours ECS may say nothing of any service: it repeats each one's steady state several times a day. */
const SILENT_HOURS = 24;

/**
 * Whole periods of at least an hour and of at least two runs of the reconciler, that together are a day or more: in each of them the
 * reconciler says whether there are tenants, so that the alarm is quiet in the first day of an environment.
 */
const silenceOf = ({ reconciler: { everyMinutes } }: Environment) => {
  const hoursPerPeriod = Math.ceil((2 * everyMinutes) / 60);
  const periods = Math.ceil(SILENT_HOURS / hoursPerPeriod);
  return { periodSeconds: hoursPerPeriod * HOUR, periods, hours: hoursPerPeriod * periods };
};

/** What tells that events fail, come late, are lost, or do not come at all. By construct id. */
export const handlerAlarms = (environment: Environment): Readonly<Record<string, AlarmProps>> => {
  const { environment: name, alarms: thresholds } = environment;
  const { alarmNames, logGroupName, deadLetterQueueName } = resourceNames(environment);
  const {
    errors,
    throttles,
    deadLetters,
    eventAge,
    longestEventLag,
    deliveryDelays,
    receivedEvents,
    destinationFailures,
    parkingFailures,
  } = metrics(environment);
  const { tenantServices } = fleetMetrics(environment);
  const silence = silenceOf(environment);
  return {
    errors: {
      ...single(errors, HOUR),
      alarmName: alarmNames.errors,
      alarmDescription:
        `The event handler failed more than ${thresholds.errorsPerHour} times within an hour. ` +
        `Look for ERROR in the log group ${logGroupName}. If a release brought it, roll back: ` +
        `npm run ops -- rollback ${name} --reason "...". Events that failed for good are in ${deadLetterQueueName}: ` +
        `npm run ops -- dlq replay ${name}, once the cause is fixed.`,
      threshold: thresholds.errorsPerHour,
    },
    throttles: {
      ...single(throttles, HOUR),
      alarmName: alarmNames.throttles,
      alarmDescription:
        `Lambda turned away more than ${thresholds.throttlesPerHour} invocations within an hour: the account's ` +
        `concurrency is used up. Lambda retries, so no event is lost yet. See which function uses it, and ask AWS for ` +
        `more concurrency if it should. If a release brought it: npm run ops -- rollback ${name} --reason "...".`,
      threshold: thresholds.throttlesPerHour,
    },
    "dead-letters": {
      ...single(deadLetters, FIVE_MINUTES),
      alarmName: alarmNames.deadLetters,
      alarmDescription:
        `More than ${thresholds.deadLetterMessages} events wait in ${deadLetterQueueName}; their tenants' statuses may be ` +
        `out of date. See why they failed: npm run ops -- dlq peek ${name}. Fix the cause or roll back, then ` +
        `npm run ops -- dlq replay ${name}. They are kept for 14 days.`,
      threshold: thresholds.deadLetterMessages,
    },
    "lost-event": {
      ...single(deadLetters, FIVE_MINUTES),
      alarmName: alarmNames.lostEvent,
      alarmDescription:
        `Warning: for 15 minutes at least one event has been waiting in ${deadLetterQueueName}: it failed for good, and its tenant's ` +
        `status may be out of date until the next run of the reconciler. Which event, and why: npm run ops -- dlq peek ${name}. ` +
        `Once the cause is fixed: npm run ops -- dlq replay ${name}. At more than ${thresholds.deadLetterMessages} there is an alarm of its own.`,
      threshold: 0,
      evaluationPeriods: 3,
    },
    "event-age": {
      ...single(eventAge, FIVE_MINUTES),
      alarmName: alarmNames.eventAge,
      alarmDescription:
        `Events waited longer than ${thresholds.eventAgeSeconds} s before they were processed: the function fails and is ` +
        `retried, or is throttled. See npm run ops -- status ${name} and the log group ${logGroupName}. After an hour ` +
        `an event is parked in ${deadLetterQueueName}.`,
      threshold: thresholds.eventAgeSeconds * 1000,
    },
    "event-lag": {
      ...single(longestEventLag, FIVE_MINUTES),
      alarmName: alarmNames.eventLag,
      alarmDescription:
        `An event was processed more than ${thresholds.eventAgeSeconds} s after it had happened, wherever it was held up: in ECS, in ` +
        `EventBridge or by retries. Unlike event-age this sees what came through at last. See npm run ops -- status ${name} and ` +
        `EventLagMs in the log group ${logGroupName}. If statuses are out of date: npm run ops -- reconcile ${name} --apply. ` +
        `A replay of dead letters sets it off, too.`,
      threshold: thresholds.eventAgeSeconds * 1000,
    },
    "delivery-delay": {
      metricQuery: combined(
        "Delay in EventBridge (ms)",
        FIVE_MINUTES,
        deliveryDelays,
        (delays) => `MAX([${delays.join(", ")}])`,
      ),
      alarmName: alarmNames.deliveryDelay,
      alarmDescription:
        `EventBridge held an event for more than ${thresholds.eventAgeSeconds} s before it first invoked the function: it is in ` +
        `trouble, or has too much to do for this account. Check that the rules and their targets are well: npm run ops -- verify ${name}, ` +
        `and AWS's health page for the region. Bring the tenants' statuses up to date: npm run ops -- reconcile ${name} --apply.`,
      threshold: thresholds.eventAgeSeconds * 1000,
    },
    "no-events": {
      metricQuery: combined(
        "No event, though there are tenants",
        silence.periodSeconds,
        [receivedEvents, tenantServices],
        ([events = "", services = ""]) => `IF(${services} > 0 AND ${events} == 0, 1, 0)`,
      ),
      alarmName: alarmNames.noEvents,
      alarmDescription:
        `The function has received no event for ${silence.hours} hours, though tenants have services, and ECS tells of each several times a ` +
        `day: a rule is off, its pattern or its permission is wrong, or the cluster is another. See which: npm run ops -- verify ${name}. ` +
        `Then bring the tenants' statuses up to date: npm run ops -- reconcile ${name} --apply.`,
      threshold: 0,
      evaluationPeriods: silence.periods,
    },
    "delivery-failures": {
      metricQuery: combined("Events lost", FIVE_MINUTES, [destinationFailures, ...parkingFailures], (lost) =>
        lost.join(" + "),
      ),
      alarmName: alarmNames.deliveryFailures,
      alarmDescription:
        `Events were lost: they failed and could not be parked in ${deadLetterQueueName} either. Check that the queue ` +
        `exists and its policy and the function's role are as deployed: npm run ops -- verify ${name}. Then bring the ` +
        `tenants' statuses up to date: npm run ops -- reconcile ${name} --apply.`,
      threshold: 0,
    },
  };
};
