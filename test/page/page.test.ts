import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import type { PageData, PageEvent, PageTenant } from "../../page/page-data.ts";
import { renderPage } from "../../page/render-page.ts";
import { findChromium, startBrowser } from "../../bench/chromium.ts";

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 3, 20, minute)).toISOString();

const event = (minute: number, name: string, status: string | undefined, effect: string): PageEvent => ({
  at: at(minute),
  name,
  id: `event-${minute}`,
  status,
  effect,
});

const tenant = (id: string, status: string, more: Partial<PageTenant> = {}): PageTenant => ({
  id,
  status,
  since: at(5),
  note: undefined,
  before: undefined,
  events: [],
  ...more,
});

const ACME = tenant("acme", "ACTIVE", {
  since: at(20),
  events: [
    event(0, "DEPLOYMENT_IN_PROGRESS", "PROVISIONING", "set it"),
    event(10, "SERVICE_TASK_START_IMPAIRED", "FAILED", "set it"),
    event(15, "DEPLOYMENT_FAILED", undefined, "kept off: of another deployment"),
    event(20, "DEPLOYMENT_COMPLETED", "ACTIVE", "set it"),
  ],
});

const data = (...tenants: readonly PageTenant[]): PageData => ({
  title: "Tenants of dev",
  source: "A test",
  asOf: at(30),
  tenants,
});

const HOSTILE = [
  "<script>globalThis.harmed = true</script>",
  '"><img src=x onerror="globalThis.harmed = true">',
  "</script><script>globalThis.harmed = true</script>",
  "${globalThis.harmed = true}",
  "شركة عربية",
  "gnp.\u202egnp.exe",
  "x".repeat(256),
];

/** Tests share one, as Chromium starts several processes for another. */
interface Tab {
  readonly page: Page;
  /** What the browser complained of, and what it asked for besides the file. */
  readonly complaints: string[];
  /** A document of its own: nothing is left of the one before. */
  readonly show: (url: string) => Promise<void>;
}

const openTab = async (browser: Browser, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Tab> => {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, ...options });
  const complaints: string[] = [];
  let shown = "";
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== shown && !request.url().startsWith("data:"))
      complaints.push(`request: ${request.url()}`);
  });
  return {
    page,
    complaints,
    show: async (url) => {
      await page.goto("about:blank");
      shown = url;
      complaints.length = 0;
      await page.goto(url);
    },
  };
};

const { env } = process;
const chromium = findChromium(env);
if (chromium === undefined)
  console.error(
    "\n!!! THE PAGE IS NOT TESTED: this machine has no Chromium. apt-get install chromium, or name one by CHROMIUM.\n",
  );

// Not describe.skip: a run with pending tests fails.
(chromium === undefined ? () => undefined : describe)("the page, in Chromium", () => {
  let browser: Browser;
  let folder: string;
  let tab: Tab;
  /** It obeys no policy of a page, for axe brings scripts and styles of its own. */
  let lenientTab: Tab;
  before(async () => {
    browser = await startBrowser(chromium ?? "");
    folder = await mkdtemp(join(tmpdir(), "page-"));
    tab = await openTab(browser);
    lenientTab = await openTab(browser, { bypassCSP: true });
  });
  after(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  const open = async (
    shown: PageData,
    { inTab = tab, colorScheme = "light" }: { inTab?: Tab; colorScheme?: "light" | "dark" } = {},
  ): Promise<Tab> => {
    const path = join(folder, `${randomUUID()}.html`);
    await writeFile(path, await renderPage(shown));
    await inTab.page.emulateMedia({ media: null, colorScheme });
    await inTab.show(pathToFileURL(path).href);
    await inTab.page.locator("li.tenant").first().waitFor();
    return inTab;
  };
  const idsOn = (page: Page): Promise<readonly string[]> => page.locator("li.tenant .id").allInnerTexts();

  it("shows the tenants with their statuses, how many have each, and a strip of time, and asks nobody", async () => {
    const { page, complaints } = await open(
      data(ACME, tenant("globex", "FAILED"), tenant("initech", "ACTIVE")),
    );
    expect(await page.title()).to.equal("Tenants of dev");
    expect(await idsOn(page)).to.deep.equal(["acme", "globex", "initech"]);
    expect(await page.locator(".statuses button").allInnerTexts()).to.deep.equal(["ACTIVE\n2", "FAILED\n1"]);
    expect(await page.locator("header").innerText()).to.include("A test. As of 2026-03-03 20:30:00 UTC");
    const strip = page.locator("li.tenant").first().locator(".strip path");
    expect(await strip.count(), "a path for each status").to.equal(3);
    expect(complaints).to.deep.equal([]);
  });

  it("tells statuses apart by a pattern, not by colour alone", async () => {
    const { page } = await open(data(ACME));
    const marks: (string | null)[] = [];
    for (const path of await page.locator("li.tenant .strip path").all()) {
      const [pattern = ""] = /#[\w-]+/.exec((await path.getAttribute("fill")) ?? "") ?? [];
      marks.push(await page.locator(`${pattern} .mark`).getAttribute("d"));
    }
    expect(new Set(marks).size).to.equal(3);
  });

  it("opens a tenant's events with the fold, by a click on the strip at the one that was meant", async () => {
    const { page } = await open(data(ACME));
    const box = await page.locator(".strip").boundingBox();
    if (box === null) throw new Error("the strip is not shown");
    // The timeline is from 20:00 to 20:30: the middle is 20:15, when it was FAILED since 20:10.
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    const rows = page.locator(".details tbody tr");
    await rows.nth(3).waitFor();
    expect(await rows.count()).to.equal(4);
    expect(await page.locator("tr.selected").innerText()).to.match(
      /^2026-03-03 20:10:00 UTC\tSERVICE_TASK_START_IMPAIRED\t\s*FAILED\tset it\tevent-10$/,
    );
    expect(await rows.nth(2).innerText()).to.match(
      /DEPLOYMENT_FAILED\t\s*FAILED\tkept off: of another deployment/,
    );
    await page.locator(".id").click();
    // A second click closes it.
    await page.locator(".details").waitFor({ state: "detached" });
  });

  it("searches in ids, statuses, events and their ids, and shows only the statuses that are chosen", async () => {
    const { page } = await open(data(ACME, tenant("globex", "FAILED"), tenant("initech", "SUSPENDED")));
    const found = async (text: string, count: number): Promise<readonly string[]> => {
      await page.locator("#search").fill(text);
      await page.locator(".count", { hasText: `${count} of 3` }).waitFor();
      return idsOn(page);
    };
    expect(await found("GLOB", 1)).to.deep.equal(["globex"]);
    expect(await found("nobody", 0)).to.deep.equal([]);
    expect(await found("suspended", 1)).to.deep.equal(["initech"]);
    expect(await found("", 3)).to.have.lengthOf(3);
    expect(await found("event-15 acme", 1)).to.deep.equal(["acme"]);
    expect(await found("", 3)).to.have.lengthOf(3);
    await page.locator("button[data-status=FAILED]").click();
    await page.locator(".count", { hasText: "1 of 3" }).waitFor();
    expect(await idsOn(page)).to.deep.equal(["globex"]);
  });

  it("sorts by what changed last, and shows only the last hour", async () => {
    const { page } = await open(
      data(tenant("a", "ACTIVE", { since: at(1) }), ACME, tenant("z", "ACTIVE", { since: at(25) })),
    );
    await page.locator("#order").selectOption("since");
    await page.locator("li.tenant").first().filter({ hasText: "z" }).waitFor();
    expect(await idsOn(page)).to.deep.equal(["z", "acme", "a"]);
    const before = await page.locator(".axis text").first().textContent();
    await page.locator("#time").selectOption({ label: "the last hour" });
    await page
      .locator(".axis text")
      .first()
      .filter({ hasNotText: before ?? "" })
      .waitFor();
  });

  it("is used by the keyboard: / searches, arrows go on, Enter opens, Escape closes", async () => {
    const { page } = await open(data(ACME, tenant("globex", "FAILED")));
    await page.keyboard.press("/");
    await page.keyboard.type("e");
    expect(await page.locator("#search").inputValue()).to.equal("e");
    await page.locator("li.tenant button").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.locator(".details").waitFor();
    expect(await page.locator("button:focus").textContent()).to.include("acme");
    expect(await page.locator("li.tenant button").first().getAttribute("aria-expanded")).to.equal("true");
    await page.keyboard.press("Escape");
    await page.locator(".details").waitFor({ state: "detached" });
  });

  it("shows hostile names as text, and what turns text around by its code", async () => {
    const { page, complaints } = await open(
      data(
        ...HOSTILE.map((name) =>
          tenant(name, name, {
            note: name,
            events: [{ at: name, name, id: name, status: name, effect: name }, event(1, name, name, name)],
          }),
        ),
      ),
    );
    for (const button of await page.locator("li.tenant button").all()) {
      await button.focus();
      await page.keyboard.press("Enter");
      await page.locator("li.tenant .details tbody tr").nth(1).waitFor();
      await page.keyboard.press("Escape");
      await page.locator(".details").waitFor({ state: "detached" });
    }
    expect(await page.evaluate(() => "harmed" in globalThis)).to.be.false;
    expect(complaints).to.deep.equal([]);
    const ids = await page.locator("li.tenant .id").allTextContents();
    expect(ids).to.have.members(HOSTILE.map((name) => name.replace("\u202e", String.raw`\u202e`)));
    expect(await page.locator("body").textContent()).not.to.include("\u202e");
    expect(
      await page.evaluate("document.documentElement.scrollWidth <= innerWidth"),
      "nothing is wider than the window",
    ).to.be.true;
  });

  it("runs no script but its own, even where one gets into the document", async () => {
    const { page, complaints } = await open(data(ACME));
    await page
      .evaluate(
        'const script = document.createElement("script"); script.append("globalThis.harmed = true"); document.body.append(script)',
      )
      .catch(() => undefined);
    expect(await page.evaluate(() => "harmed" in globalThis)).to.be.false;
    expect(complaints.join("\n")).to.match(/Content Security Policy|TrustedScript/);
  });

  for (const colorScheme of ["light", "dark"] as const)
    it(`has no serious finding of axe in ${colorScheme}`, async () => {
      const { page } = await open(
        data(ACME, tenant("globex", "FAILED"), tenant("initech", "SUSPENDED", { note: "ECS says ACTIVE" })),
        { colorScheme, inTab: lenientTab },
      );
      await page.locator("li.tenant button").first().press("Enter");
      await page.locator(".details").waitFor();
      await page.evaluate(axe.source);
      const violations = await page.evaluate<readonly string[]>(
        "axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html}`))",
      );
      expect(violations.filter((one) => /^(serious|critical)/.test(one))).to.deep.equal([]);
    });

  it("prints all tenants, dark or not, on white", async () => {
    const { page } = await open(data(ACME, tenant("globex", "FAILED")), { colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).to.equal(
      "rgb(255, 255, 255)",
    );
    expect(await page.locator(".controls").isVisible()).to.be.false;
    expect((await page.pdf()).length).to.be.greaterThan(1000);
  });
});
