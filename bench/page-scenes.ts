import { setTimeout as wait } from "node:timers/promises";
import type { Page } from "playwright-core";
import { largeUpdate, TENANTS } from "./large-page.ts";
import type { PageHost } from "./page-host.ts";

/** Something that a reader does with a page. */
export interface PageScene {
  /** Such as `scrolling`. */
  readonly title: string;
  readonly play: (page: Page, host: PageHost) => Promise<unknown>;
}

/** A window of 800 pixels goes by in a tenth of a second at most. */
const PIXELS_PER_FRAME = 240;

const scroll = (page: Page): Promise<unknown> =>
  page.evaluate(`(async () => {
    let before;
    do {
      before = scrollY;
      scrollBy(0, ${PIXELS_PER_FRAME});
      await nextFrame();
    } while (scrollY !== before);
  })()`);

/** What the page is measured against: what this machine does for any page. */
export const EMPTY_SCENE: PageScene = { title: "an empty page, scrolled", play: scroll };

const SEARCHED = `tenant-${TENANTS - 1}`;
const OPENED = 8;

/** As `npm start -- --serve` sends them: ten times a second at most. */
const UPDATES = { turns: 20, size: 25, everyMs: 100 } as const;

/** In this order: each begins as the one before it ends. */
export const PAGE_SCENES: readonly PageScene[] = [
  {
    title: "loading",
    play: async (page, { url }) => {
      await page.goto(url);
      await page.locator(".connection", { hasText: "live" }).waitFor();
    },
  },
  { title: "scrolling from top to bottom", play: scroll },
  {
    title: "searching, letter by letter",
    play: async (page) => {
      await page.locator("#search").pressSequentially(SEARCHED, { delay: 50 });
      await page.locator(".count", { hasText: `1 of ${TENANTS}` }).waitFor();
      for (let left = SEARCHED.length; left > 0; left--)
        await page.keyboard.press("Backspace", { delay: 20 });
      await page.locator(".count", { hasText: `${TENANTS} of ${TENANTS}` }).waitFor();
    },
  },
  {
    title: "sorting, filtering, and another time",
    play: async (page) => {
      await page.locator("#order").selectOption("since");
      await page.locator("li.tenant").first().filter({ hasText: SEARCHED }).waitFor();
      await page.locator("button[data-status=FAILED]").click();
      await page.locator(".count", { hasNotText: `${TENANTS} of` }).waitFor();
      await page.locator("button[data-status=FAILED]").click();
      await page.locator(".count", { hasText: `${TENANTS} of ${TENANTS}` }).waitFor();
      await page.locator("#time").selectOption({ label: "the last day" });
      await page.locator("#time").selectOption({ label: "all" });
      await page.locator("#order").selectOption("tenant");
    },
  },
  {
    title: "opening tenants",
    play: async (page) => {
      for (let row = 0; row < OPENED; row++) {
        await page.locator("button.row").nth(row).press("Enter");
        await page.locator(`li:nth-child(${row + 1}) .details`).waitFor();
      }
      await page.keyboard.press("Escape");
    },
  },
  {
    title: "live, 250 changes a second",
    play: async (_page, host) => {
      for (let turn = 0; turn < UPDATES.turns; turn++) {
        host.send(largeUpdate(turn, UPDATES.size));
        await wait(UPDATES.everyMs);
      }
    },
  },
];
