import type { ReadCounts } from "./input/event-stream.ts";
import { KNOWN_FORMS } from "./input/recordings.ts";

/** What the events were found in, where that is worth a word, and what was left out: a line each. */
export const describeReadCounts = ({ forms, others, notUnderstood }: ReadCounts): string[] => {
  const isPlain = [...forms.keys()].every((form) => form === PLAIN) && others === 0;
  const found = [...forms].map(([form, count]) => `${count} × ${form}`);
  if (others > 0) found.push(`${others} × something else, left out`);
  return [
    ...(isPlain ? [] : [`Read: ${found.join(", ")}`]),
    ...(notUnderstood > 0
      ? [
          `Not understood: ${notUnderstood}, of which the first of each kind is shown`,
          `What can be played: ${KNOWN_FORMS}`,
        ]
      : []),
  ];
};

const PLAIN = "EventBridge event";
