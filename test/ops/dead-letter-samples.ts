/** A message as Lambda's on-failure destination writes it. */
export const destinationRecord = (event: unknown): object => ({
  version: "1.0",
  timestamp: "2026-03-01T10:03:12.482Z",
  requestContext: {
    requestId: "b2a1",
    functionArn: "arn:aws:lambda:af-south-1:536580886816:function:bbws-ecs-event-handler-dev:latest-dev",
    condition: "RetriesExhausted",
    approximateInvokeCount: 3,
  },
  requestPayload: event,
  responseContext: { statusCode: 200, executedVersion: "7", functionError: "Unhandled" },
  responsePayload: { errorType: "TenantStoreError", errorMessage: "Failed to update tenant state of acme" },
});

/** The attributes that EventBridge gives to what it could not deliver. */
export const EVENTBRIDGE_ATTRIBUTES = {
  RULE_ARN: "arn:aws:events:af-south-1:536580886816:rule/bbws-ecs-event-handler-dev-service-action",
  TARGET_ARN: "arn:aws:lambda:af-south-1:536580886816:function:bbws-ecs-event-handler-dev:latest-dev",
  ERROR_CODE: "NO_PERMISSIONS",
  ERROR_MESSAGE: "Lambda returned AccessDenied",
  EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
  RETRY_ATTEMPTS: "185",
};

/** The attributes that Lambda gives to what it puts into its dead-letter queue. */
export const LAMBDA_ATTRIBUTES = { RequestID: "b2a1", ErrorCode: "200", ErrorMessage: "Task timed out" };
