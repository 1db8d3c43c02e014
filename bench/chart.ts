/** One bar. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly isOurs: boolean;
}

const WIDTH = 760;
const LABELS = 320;
const VALUES = 70;
const BAR = 18;
const GAP = 8;
const TITLE = 34;

/** Horizontal bars as SVG, readable on light and dark pages. */
export const barChart = (title: string, unit: string, bars: readonly Bar[]): string => {
  const longest = Math.max(...bars.map(({ value }) => value));
  const height = TITLE + bars.length * (BAR + GAP);
  const rows = bars.map(({ label, value, isOurs }, index) => {
    const y = TITLE + index * (BAR + GAP);
    const width = Math.max(1, Math.round((value / longest) * (WIDTH - LABELS - VALUES)));
    const text = y + BAR - 4;
    return [
      `<text x="${LABELS - 8}" y="${text}" text-anchor="end">${escape(label)}</text>`,
      `<rect x="${LABELS}" y="${y}" width="${width}" height="${BAR}" fill="${isOurs ? "#2f81f7" : "#8b949e"}"/>`,
      `<text x="${LABELS + width + 6}" y="${text}">${Math.round(value)} ${escape(unit)}</text>`,
    ].join("\n");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="sans-serif" font-size="13" fill="#768390">
<title>${escape(title)}</title>
<text x="${LABELS}" y="18" font-weight="bold">${escape(title)}</text>
${rows.join("\n")}
</svg>
`;
};

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
