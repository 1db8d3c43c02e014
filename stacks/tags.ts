/** The tags that every resource has, through the provider's default tags. */
export const TAG_NAMES = ["bbws:project", "bbws:component", "bbws:environment", "bbws:managed-by"] as const;

export const tags = (environment: string): Readonly<Record<(typeof TAG_NAMES)[number], string>> => ({
  "bbws:project": "BBWS-Phase-2.1-ECS",
  "bbws:component": "ecs-event-handler",
  "bbws:environment": environment,
  "bbws:managed-by": "cdktf",
});
