import type { HandlerLogLine, LogSubject } from "../aws/cloudwatch/log-lines.ts";
import { isOf } from "../dlq/filter.ts";

/** CloudWatch's patterns let more through. A line that failed early does not know its tenant: its service's name may tell. */
export const isLineOf = ({ tenantId, serviceArn, status }: HandlerLogLine, subject: LogSubject): boolean =>
  (subject.tenantId === undefined || isOf({ tenantId, serviceArn }, subject.tenantId)) &&
  (subject.status === undefined || status === subject.status);
