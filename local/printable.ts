/** Text from elsewhere, safe to print: on one line, and without the means to steer a terminal. */
export const printable = (text: string, maxLength = Infinity): string => {
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\uFFFD");
  return plain.length > maxLength ? `${plain.slice(0, maxLength - 1)}…` : plain;
};
