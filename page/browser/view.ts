import { html, nothing, svg, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { live } from "lit-html/directives/live.js";
import { repeat } from "lit-html/directives/repeat.js";
import { visibleText } from "../../checklist/visible.ts";
import type { PageData, PageEvent, PageTenant, StatusLook } from "../page-data.ts";
import { chosenTenants, countByStatus, type PageChoice } from "./page-state.ts";
import { patternId, patterns } from "./patterns.ts";
import {
  eventAt,
  pathsOf,
  scaleOf,
  STRIP_HEIGHT,
  STRIP_WIDTH,
  stretchesOf,
  type TimeScale,
} from "./timeline.ts";

export interface PageModel {
  readonly data: PageData;
  readonly looks: readonly StatusLook[];
  readonly choice: PageChoice;
  /** What a live page's connection is like; undefined for a page that is not live. */
  readonly connection: string | undefined;
  readonly choose: (change: Partial<PageChoice>) => void;
}

/** The whole page. Names and texts are others': they only get into it as text, and what turns text around is shown by its code. */
export const view = (model: PageModel): TemplateResult => {
  const { data, choice, looks, connection } = model;
  const end = Date.parse(data.asOf);
  const scale = scaleOf(data.tenants, end, choice.lastMs);
  const chosen = chosenTenants(data, choice);
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
      <ul class="tenants">
        ${repeat(
          chosen,
          ({ id }) => id,
          (tenant) => {
            const open = choice.open?.id === tenant.id ? choice.open : undefined;
            return guard([tenant, String(scale.domain()), data.asOf, open, looks], () =>
              row(model, tenant, scale, end, open),
            );
          },
        )}
      </ul>
    </main>
  `;
};

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
  const counts = countByStatus(data);
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

const lookIndex = (looks: readonly StatusLook[], status: string): number =>
  looks.findIndex(({ name }) => name === status);

const swatch = (looks: readonly StatusLook[], status: string): TemplateResult =>
  html`<svg class="swatch" viewBox="0 0 16 16" aria-hidden="true">
    <rect width="16" height="16" fill=${`url(#${patternId(lookIndex(looks, status))})`}></rect>
  </svg>`;

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

const row = (
  { looks, choose }: PageModel,
  tenant: PageTenant,
  scale: TimeScale,
  end: number,
  open: PageChoice["open"],
): TemplateResult => {
  const stretches = stretchesOf(tenant, end);
  const press = (click: MouseEvent): void => {
    const { target } = click;
    const strip = target instanceof Element ? target.closest("svg.strip") : null;
    if (strip === null) {
      choose({ open: open === undefined ? { id: tenant.id, event: undefined } : undefined });
      return;
    }
    const { left, width } = strip.getBoundingClientRect();
    const moment = scale.invert(((click.clientX - left) / width) * STRIP_WIDTH).getTime();
    choose({ open: { id: tenant.id, event: eventAt(tenant.events, moment) } });
  };
  // What is red lies above: a short failure is not hidden by what follows.
  const isRed = (status: string): boolean =>
    looks.some(({ name, color }) => name === status && color === "red");
  const paths = [...pathsOf(stretches, scale)].sort(([a], [b]) => Number(isRed(a)) - Number(isRed(b)));
  return html`<li class="tenant">
    <button type="button" class="row" aria-expanded=${open !== undefined} @click=${press}>
      <span class="id" title=${visibleText(tenant.id)}><bdi>${visibleText(tenant.id)}</bdi></span>
      <span class="status">${swatch(looks, tenant.status)} <bdi>${visibleText(tenant.status)}</bdi></span>
      <svg
        class="strip"
        viewBox=${`0 0 ${STRIP_WIDTH} ${STRIP_HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        ${paths.map(
          ([status, path]) =>
            svg`<path d=${path} fill=${`url(#${patternId(lookIndex(looks, status))})`}><title>${visibleText(status)}</title></path>`,
        )}
      </svg>
    </button>
    ${open === undefined ? nothing : details(tenant, looks, open.event)}
  </li>`;
};

const details = (
  { since, note, events }: PageTenant,
  looks: readonly StatusLook[],
  selected: number | undefined,
): TemplateResult =>
  html`<div class="details">
    ${since === undefined ? nothing : html`<p>Since <time>${shownTime(since)}</time></p>`}
    ${note === undefined ? nothing : html`<p>${visibleText(note)}</p>`}
    ${
      events.length === 0
        ? html`<p>Nothing is known of its events.</p>`
        : html`<div class="scrolled" tabindex="0" role="region" aria-label="Events, oldest first">
            <table>
              <thead>
                <tr>
                  <th scope="col">Time</th>
                  <th scope="col">Event</th>
                  <th scope="col">Status then</th>
                  <th scope="col">What it did</th>
                  <th scope="col">Id</th>
                </tr>
              </thead>
              <tbody>
                ${folded(events).map(
                  ({ event, status }, index) =>
                    html`<tr class=${index === selected ? "selected" : ""} aria-current=${index === selected}>
                      <td>${shownTime(event.at)}</td>
                      <td><bdi>${visibleText(event.name)}</bdi></td>
                      <td>
                        ${status === undefined ? "" : html`${swatch(looks, status)} <bdi>${visibleText(status)}</bdi>`}
                      </td>
                      <td>${visibleText(event.effect)}</td>
                      <td class="event-id">${visibleText(event.id ?? "")}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
  </div>`;

/** The fold, step by step: each event, and the status that was in force after it. */
const folded = (
  events: readonly PageEvent[],
): readonly { readonly event: PageEvent; readonly status: string | undefined }[] => {
  let status: string | undefined;
  return events.map((event) => {
    status = event.status ?? status;
    return { event, status };
  });
};

/** `2026-03-03 20:59:13` in UTC; what is no time, as it is. */
const shownTime = (iso: string): string => {
  const time = Date.parse(iso);
  return Number.isNaN(time)
    ? visibleText(iso)
    : new Date(time)
        .toISOString()
        .replace("T", " ")
        .replace(/(\.000)?Z$/, " UTC");
};
