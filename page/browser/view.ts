import { html, nothing, svg, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { live } from "lit-html/directives/live.js";
import { repeat } from "lit-html/directives/repeat.js";
import { visibleText } from "../../checklist/visible.ts";
import type { PageData, PageTenant, StatusLook } from "../page-data.ts";
import type { DrawnRows } from "./drawn-rows.ts";
import { countByStatus, type PageChoice } from "./page-state.ts";
import { patterns } from "./patterns.ts";
import { pixels } from "./pixels.ts";
import { rememberLast } from "./remember-last.ts";
import { row } from "./row.ts";
import { shownTime } from "./shown-time.ts";
import { swatch } from "./swatch.ts";
import { scaleOf, STRIP_WIDTH, type TimeScale } from "./timeline.ts";

export interface PageModel {
  readonly data: PageData;
  readonly looks: readonly StatusLook[];
  readonly choice: PageChoice;
  /** What a live page's connection is like; undefined for a page that is not live. */
  readonly connection: string | undefined;
  /** The tenants that are chosen, and which of them are drawn. */
  readonly chosen: readonly PageTenant[];
  readonly drawn: DrawnRows;
  readonly choose: (change: Partial<PageChoice>) => void;
}

/** The whole page. Names and texts are others': they only get into it as text, and what turns text around is shown by its code. */
export const view = (model: PageModel): TemplateResult => {
  const { data, choice, looks, connection, chosen, drawn, choose } = model;
  const end = Date.parse(data.asOf);
  const scale = scaleOfAll(data.tenants, end, choice.lastMs);
  return html`
    <svg class="defs" width="0" height="0" aria-hidden="true">${patterns(looks)}</svg>
    <header>
      <h1>${visibleText(data.title)}</h1>
      <p class="source">
        ${visibleText(data.source)}. As of <time>${shownTime(data.asOf)}</time>
        ${connection === undefined ? nothing : html`<span class="connection" role="status">${connection}</span>`}
      </p>
      ${controls(model)} ${statusButtons(model)}
      <p class="count" role="status">${chosen.length} of ${data.tenants.length} tenants</p>
    </header>
    <main>
      ${axis(scale)}
      <ul class="tenants" ${pixels("padding-bottom", drawn.pixelsBelow)}>
        ${repeat(
          drawn.rows,
          ({ index }) => chosen[index]?.id,
          ({ index, pixelsAbove }) => {
            const tenant = chosen[index];
            if (tenant === undefined) return nothing;
            const open = choice.open?.id === tenant.id ? choice.open : undefined;
            const count = chosen.length;
            return guard([tenant, scale, end, open, looks, index, count, pixelsAbove], () =>
              row({ tenant, looks, scale, end, open, index, count, pixelsAbove, choose }),
            );
          },
        )}
      </ul>
    </main>
  `;
};

const scaleOfAll = rememberLast(scaleOf);
const countsOf = rememberLast(countByStatus);

const controls = ({ choice, choose }: PageModel): TemplateResult => html`
  <div class="controls">
    <label
      >Search <kbd>/</kbd>
      <input
        type="search"
        id="search"
        autocomplete="off"
        placeholder="tenant, status, event, event id"
        .value=${live(choice.search)}
        @input=${(event: InputEvent) => {
          if (event.target instanceof HTMLInputElement) choose({ search: event.target.value });
        }}
    /></label>
    <label
      >Order
      <select
        id="order"
        @change=${(event: Event) => {
          if (event.target instanceof HTMLSelectElement)
            choose({ order: event.target.value === "since" ? "since" : "tenant" });
        }}
      >
        <option value="tenant">by tenant</option>
        <option value="since">last changed first</option>
      </select></label
    >
    <label
      >Time
      <select
        id="time"
        @change=${(event: Event) => {
          if (event.target instanceof HTMLSelectElement)
            choose({ lastMs: event.target.value === "" ? undefined : Number(event.target.value) });
        }}
      >
        <option value="">all</option>
        ${TIMES.map(([name, ms]) => html`<option value=${ms}>the last ${name}</option>`)}
      </select></label
    >
  </div>
`;

const HOUR_MS = 3_600_000;
const TIMES = [
  ["hour", HOUR_MS],
  ["6 hours", 6 * HOUR_MS],
  ["day", 24 * HOUR_MS],
  ["week", 7 * 24 * HOUR_MS],
] as const;

/** Counts, legend and filter in one. */
const statusButtons = ({ data, looks, choice, choose }: PageModel): TemplateResult => {
  const counts = countsOf(data);
  const toggle = (name: string) => () => {
    const statuses = new Set(choice.statuses);
    if (!statuses.delete(name)) statuses.add(name);
    choose({ statuses });
  };
  return html`<ul class="statuses" aria-label="Statuses: show only these">
    ${[...counts].map(
      ([name, count]) =>
        html`<li>
          <button
            type="button"
            data-status=${name}
            aria-pressed=${choice.statuses.has(name)}
            @click=${toggle(name)}
          >
            ${swatch(looks, name)} <bdi>${visibleText(name)}</bdi> <b>${count}</b>
          </button>
        </li>`,
    )}
  </ul>`;
};

const AXIS_TICKS = 6;

const axis = (scale: TimeScale): TemplateResult => {
  const format = scale.tickFormat();
  return html`<div class="axis" aria-hidden="true">
    <span></span><span></span>
    <svg viewBox=${`0 0 ${STRIP_WIDTH} 16`}>
      ${scale.ticks(AXIS_TICKS).map((tick) => {
        const x = scale(tick);
        const anchor = x < STRIP_WIDTH / 20 ? "start" : x > (STRIP_WIDTH * 19) / 20 ? "end" : "middle";
        return svg`<text x=${x} y="12" text-anchor=${anchor}>${format(tick)}</text>`;
      })}
    </svg>
  </div>`;
};
