import { CHANGES, TENANTS } from "./large-page.ts";
import type { PageCosts } from "./measure-page.ts";
import type { Figure } from "./figures.ts";

/** What is longer is felt. @see https://web.dev/articles/optimize-long-tasks */
const LONGEST_TASK_MS = 50;

/** It can be mailed. */
const MEGABYTES = 3;

export const figuresOfPage = ({ bytes, scenes }: PageCosts): readonly Figure[] => [
  {
    title: `Page of ${TENANTS.toLocaleString("en")} tenants with ${CHANGES} changes each`,
    value: bytes / 1e6,
    unit: "MB",
    goal: { atMost: MEGABYTES },
  },
  ...scenes.map(({ title, longestTask }) => ({
    title: `CPU of that page's longest task, ${title}`,
    value: longestTask.median,
    unit: "ms",
    goal: { atMost: LONGEST_TASK_MS },
  })),
];
