import { type DeadLetter, firstOf } from "./dead-letter.ts";

/** Messages that lie in the queue for the same reason. */
export interface LetterGroup {
  readonly kind: DeadLetter["kind"];
  /** The reason, without what differs from message to message. */
  readonly because: string;
  readonly count: number;
  /** One of them. */
  readonly messageId: string;
}

/** The largest group first. Pure. */
export const groupByCause = (letters: readonly DeadLetter[]): readonly LetterGroup[] => {
  const groups = new Map<string, LetterGroup>();
  for (const letter of letters) {
    const because = withoutIds(
      letter.kind === "poison" ? `${firstOf(letter.violations)} (${letter.cause})` : letter.cause,
    );
    const key = `${letter.kind} ${because}`;
    const { count, messageId } = groups.get(key) ?? { count: 0, messageId: letter.messageId };
    groups.set(key, { kind: letter.kind, because, count: count + 1, messageId });
  }
  return [...groups.values()].sort((one, other) => other.count - one.count);
};

const withoutIds = (text: string): string =>
  text.replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gi, "…").replaceAll(/\d{4,}/g, "…");
