import { svg, type SVGTemplateResult } from "lit-html";
import type { StatusLook } from "../page-data.ts";

/** What is drawn over a status's colour. */
const MARKS: Readonly<Record<string, string>> = {
  rising: "M-1 9L9 -1M-1 1L1 -1M7 9L9 7",
  falling: "M-1 -1L9 9M-1 7L1 9M7 -1L9 1",
  columns: "M2 0V8M6 0V8",
  rows: "M0 2H8M0 6H8",
  cross: "M0 0L8 8M8 0L0 8",
  dots: "M1.5 2h1M5.5 6h1",
  checks: "M0 2H4M4 6H8",
  solid: "",
};

export const patternId = (index: number): string => `status-${index}`;

/** For all strips of the page. */
export const patterns = (looks: readonly StatusLook[]): SVGTemplateResult =>
  svg`<defs>${looks.map(
    (
      { color, pattern },
      index,
    ) => svg`<pattern id=${patternId(index)} width="8" height="8" patternUnits="userSpaceOnUse">
      <rect class=${`fill-${color}`} width="8" height="8"></rect>
      <path class="mark" d=${MARKS[pattern] ?? ""}></path>
    </pattern>`,
  )}</defs>`;
