import { html, type TemplateResult } from "lit-html";
import type { StatusLook } from "../page-data.ts";
import { patternId } from "./patterns.ts";

export const lookIndex = (looks: readonly StatusLook[], status: string): number =>
  looks.findIndex(({ name }) => name === status);

/** A square that looks like a status. */
export const swatch = (looks: readonly StatusLook[], status: string): TemplateResult =>
  html`<svg class="swatch" viewBox="0 0 16 16" aria-hidden="true">
    <rect width="16" height="16" fill=${`url(#${patternId(lookIndex(looks, status))})`}></rect>
  </svg>`;
