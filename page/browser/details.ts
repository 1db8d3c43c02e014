import { html, nothing, type TemplateResult } from "lit-html";
import { visibleText } from "../../checklist/visible.ts";
import type { PageEvent, PageTenant, StatusLook } from "../page-data.ts";
import { shownTime } from "./shown-time.ts";
import { swatch } from "./swatch.ts";

/** What an open row shows of its tenant: each event, and what it did. */
export const details = (
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
