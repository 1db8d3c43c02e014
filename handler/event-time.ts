const RFC_3339 =
  /^(2\d{3})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Whether the text is an RFC 3339 date-time of this millennium that exists: `2024-02-30T…` does not, though `Date` would roll it over. */
export const isDateTime = (text: string): boolean => {
  // Stryker disable next-line ArrayDeclaration: the first entry, the whole match, is not read
  const [, year, month, day] = RFC_3339.exec(text) ?? [];
  // Stryker disable next-line ConditionalExpression: without its parts the date is none, and equals nothing below
  if (year === undefined) return false;
  const monthIndex = Number(month) - 1;
  const date = new Date(Date.UTC(Number(year), monthIndex, Number(day)));
  return date.getUTCMonth() === monthIndex && date.getUTCDate() === Number(day);
};

/**
 * A date-time in UTC with whole seconds, `2024-08-08T23:26:49Z`: in this form, text sorts as time does.
 * EventBridge's envelope `time` has no fractions; anything finer is cut, not rounded.
 */
export const toWholeSeconds = (dateTime: string): string =>
  // Stryker disable next-line Regex: toISOString ends in three digits and Z, always
  new Date(dateTime).toISOString().replace(/\.\d+Z$/, "Z");
