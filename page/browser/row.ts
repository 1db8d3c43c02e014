import { html, nothing, svg, type TemplateResult } from "lit-html";
import { visibleText } from "../../checklist/visible.ts";
import type { PageTenant, StatusLook } from "../page-data.ts";
import { details } from "./details.ts";
import type { PageChoice } from "./page-state.ts";
import { pixels } from "./pixels.ts";
import { patternId } from "./patterns.ts";
import { lookIndex, swatch } from "./swatch.ts";
import { eventAt, pathsOf, STRIP_HEIGHT, STRIP_WIDTH, stretchesOf, type TimeScale } from "./timeline.ts";

export interface RowModel {
  readonly tenant: PageTenant;
  readonly looks: readonly StatusLook[];
  readonly scale: TimeScale;
  /** Where the timeline ends, in milliseconds since 1970. */
  readonly end: number;
  /** Whether its events are shown, and which of them was meant. */
  readonly open: PageChoice["open"];
  /** Its place among all that are chosen: not all of them are in the document. */
  readonly index: number;
  readonly count: number;
  /** In the place of the rows that are left out above it. */
  readonly pixelsAbove: number;
  readonly choose: (change: Partial<PageChoice>) => void;
}

/** A tenant: its id, its status, and its timeline; a click opens its events. */
export const row = ({
  tenant,
  looks,
  scale,
  end,
  open,
  index,
  count,
  pixelsAbove,
  choose,
}: RowModel): TemplateResult => {
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
  return html`<li
    class="tenant"
    aria-posinset=${index + 1}
    aria-setsize=${count}
    ${pixels("margin-top", pixelsAbove)}
  >
    <button type="button" class="row" data-index=${index} aria-expanded=${open !== undefined} @click=${press}>
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
