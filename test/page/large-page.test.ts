import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { findChromium, startBrowser } from "../../bench/chromium.ts";
import { largePage, TENANTS } from "../../bench/large-page.ts";
import { renderPage } from "../../page/render-page.ts";

/** So many rows of 29 pixels are in a window of 800 pixels and half of one around it, in steps of ten. */
const DRAWN = 80;

const { env } = process;
const chromium = findChromium(env);

// test/page/page.test.ts says loudly that there is none.
(chromium === undefined ? () => undefined : describe)("a page of 2,000 tenants, in Chromium", () => {
  let browser: Browser;
  let folder: string;
  let page: Page;
  const data = largePage();
  const rows = (): Promise<number> => page.locator("li.tenant").count();
  const idsInView = (): Promise<readonly string[]> =>
    page.evaluate(
      `[...document.querySelectorAll("li.tenant")]
        .filter((li) => li.getBoundingClientRect().bottom > 0 && li.getBoundingClientRect().top < innerHeight)
        .map((li) => li.querySelector(".id").textContent)`,
    );

  before(async () => {
    browser = await startBrowser(chromium ?? "");
    folder = await mkdtemp(join(tmpdir(), "large-page-"));
    const html = await renderPage(data);
    expect(html.length).to.be.at.most(3_000_000);
    await writeFile(join(folder, "page.html"), html);
    // Tests share it, as Chromium starts several processes for another.
    page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  });
  const show = async (file = "page.html"): Promise<void> => {
    // Of the document before, and where it was scrolled to, nothing is left.
    await page.goto("about:blank");
    await page.goto(pathToFileURL(join(folder, file)).href);
    await page.locator("li.tenant").first().waitFor();
  };
  after(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  it("draws the rows in view and a few around them, wherever it is scrolled to", async () => {
    await show();
    expect(await rows()).to.be.at.most(DRAWN);
    const height = await page.evaluate("document.documentElement.scrollHeight");
    expect(height).to.be.within(TENANTS * 29, TENANTS * 29 + 400);
    for (const share of [0.5, 1, 0.25]) {
      await page.evaluate(`scrollTo(0, ${share} * document.documentElement.scrollHeight)`);
      await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
      expect(await rows()).to.be.at.most(DRAWN);
      expect((await idsInView()).length, "the window is full").to.be.at.least(25);
    }
    expect(await page.evaluate("document.documentElement.scrollHeight")).to.equal(height);
  });

  it("tells those who do not see it how long the list is, and which row is which", async () => {
    await show();
    await page.locator("button.row").first().press("End");
    const last = page.locator("button.row:focus").locator("..");
    expect(await last.getAttribute("aria-posinset")).to.equal(String(TENANTS));
    expect(await last.getAttribute("aria-setsize")).to.equal(String(TENANTS));
  });

  it("goes from row to row by the keyboard, also to those that were not drawn, and keeps the focus", async () => {
    await show();
    const focused = (): Promise<string> => page.locator("button.row:focus .id").innerText();
    await page.locator("button.row").first().press("End");
    expect(await focused()).to.equal("tenant-999");
    await page.keyboard.press("ArrowUp");
    expect(await focused()).to.equal("tenant-998");
    await page.keyboard.press("Home");
    expect(await focused()).to.equal("tenant-0");
    await page.evaluate("scrollTo(0, 30000)");
    await page.locator('button[data-index="1030"]').waitFor();
    expect(await focused(), "out of view").to.equal("tenant-0");
    await page.keyboard.press("ArrowDown");
    expect(await focused()).to.equal("tenant-1");
  });

  it("finds rows that are not drawn, by Ctrl+F too; a second time, that is the browser's", async () => {
    await show();
    const isPrevented = (): Promise<boolean> =>
      page.evaluate(
        `!(document.activeElement ?? document.body).dispatchEvent(
          new KeyboardEvent("keydown", { key: "f", ctrlKey: true, bubbles: true, cancelable: true }))`,
      );
    expect(await isPrevented()).to.be.true;
    expect(await page.locator("#search:focus").count()).to.equal(1);
    expect(await isPrevented()).to.be.false;
    await page.locator("#search").fill(data.tenants[7]?.events[3]?.id ?? "");
    await page.locator(".count", { hasText: `1 of ${TENANTS}` }).waitFor();
    expect(await page.locator("li.tenant .id").allInnerTexts()).to.deep.equal(["tenant-7"]);
    await page.locator("#search").blur();
    expect(await isPrevented(), "all that is left is drawn").to.be.false;
  });

  it("shows the first rows when a search shortens the list below where it was scrolled to", async () => {
    await show();
    await page.evaluate("scrollTo(0, 1e9)");
    await page.locator("li.tenant", { hasText: "tenant-999" }).waitFor();
    await page.evaluate(`{
      const search = document.getElementById("search");
      search.value = "tenant-19";
      search.dispatchEvent(new Event("input", { bubbles: true }));
    }`);
    await page.locator(".count", { hasText: "111 of" }).waitFor();
    expect((await idsInView()).at(-1)).to.equal("tenant-1999");
  });

  it("draws once for all that is typed and told before the next frame", async () => {
    await show();
    const draws = await page.evaluate<number>(`new Promise((done) => {
      let draws = 0;
      const request = requestAnimationFrame;
      globalThis.requestAnimationFrame = (draw) => request((now) => { draws++; draw(now); });
      const search = document.getElementById("search");
      for (const letter of "tenant-19") {
        search.value += letter;
        search.dispatchEvent(new Event("input", { bubbles: true }));
      }
      request(() => request(() => done(draws)));
    })`);
    expect(draws).to.equal(1);
    expect(await page.locator(".count").innerText()).to.equal(`111 of ${TENANTS} tenants`);
  });

  it("prints them all", async () => {
    await show();
    const print = (event: string): Promise<unknown> => page.evaluate(`dispatchEvent(new Event("${event}"))`);
    await print("beforeprint");
    expect(await rows()).to.equal(TENANTS);
    await print("afterprint");
    expect(await rows()).to.be.at.most(DRAWN);
  });

  it("prints a list that was not drawn as a whole on as many sheets as it takes", async () => {
    const part = { ...data, tenants: data.tenants.slice(0, 150) };
    await writeFile(join(folder, "printed.html"), await renderPage(part));
    await show("printed.html");
    expect(await rows()).to.be.at.most(DRAWN);
    const sheets = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g);
    expect(sheets?.length).to.be.at.least(4);
  });

  it("gives way to the browser while it reads itself", async () => {
    const counting = await page.addInitScript(`{
      const Real = MessageChannel;
      globalThis.rests = 0;
      globalThis.MessageChannel = class extends Real { constructor() { super(); rests++; } };
    }`);
    try {
      await show();
    } finally {
      await counting.dispose();
    }
    expect(await page.evaluate("rests"), "before, between and after slices").to.be.at.least(3);
  });
});
