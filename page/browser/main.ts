import { render } from "lit-html";
import type { PageTenant } from "../page-data.ts";
import { drawnRows, type DrawnRows, type ListView } from "./drawn-rows.ts";
import { hearUpdates } from "./hear-updates.ts";
import { followKeys } from "./keys.ts";
import { chosenTenants, FIRST_CHOICE, type PageChoice, withUpdates } from "./page-state.ts";
import { readData } from "./read-data.ts";
import { rememberLast } from "./remember-last.ts";
import { view } from "./view.ts";

const start = async (): Promise<void> => {
  const root = document.getElementById("page");
  if (root === null) return;
  const { packed, ...read } = await readData();
  const { looks, updates: updatesUrl } = packed;
  let { data } = read;
  let choice = FIRST_CHOICE;
  let connection = updatesUrl === undefined ? undefined : "connecting";
  let focused: string | undefined;
  let isPrinting = false;
  let isDue = false;
  document.title = data.title;
  root.textContent = "";

  const chosenOf = rememberLast(chosenTenants);
  const chosen = (): readonly PageTenant[] => chosenOf(data, choice);
  const rowsToDraw = (): DrawnRows => {
    const indexOf = (id: string | undefined): number =>
      id === undefined ? -1 : chosen().findIndex((tenant) => tenant.id === id);
    const open = indexOf(choice.open?.id);
    return drawnRows(chosen().length, isPrinting ? "all" : listView(root, open), [open, indexOf(focused)]);
  };
  const drawRows = (drawn: DrawnRows): void => {
    render(view({ data, looks, choice, connection, chosen: chosen(), drawn, choose }), root);
  };
  const draw = (): void => {
    isDue = false;
    const drawn = rowsToDraw();
    drawRows(drawn);
    // A list that has become shorter has moved in its window.
    const moved = rowsToDraw();
    if (!isSame(moved, drawn)) drawRows(moved);
    shown = moved;
  };
  let shown: DrawnRows = { rows: [], pixelsBelow: 0 };
  /** As often as the screen is drawn, at most. */
  const drawSoon = (): void => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(draw);
  };
  const choose = (change: Partial<PageChoice>): void => {
    choice = { ...choice, ...change };
    drawSoon();
  };
  const print = (isBegin: boolean) => (): void => {
    isPrinting = isBegin;
    draw();
  };
  const drawMoved = (): void => {
    if (!isSame(rowsToDraw(), shown)) drawSoon();
  };
  draw();
  addEventListener("scroll", drawMoved, { passive: true });
  addEventListener("resize", drawMoved);
  addEventListener("beforeprint", print(true));
  addEventListener("afterprint", print(false));
  root.addEventListener("focusin", ({ target }) => {
    const index = target instanceof HTMLElement ? target.dataset["index"] : undefined;
    focused = index === undefined ? undefined : chosen()[Number(index)]?.id;
  });
  followKeys(root, {
    close: () => {
      choose({ open: undefined });
    },
    hidesRows: () => shown.rows.length < chosen().length,
    goTo: (index) => {
      const place = Math.max(0, Math.min(index, chosen().length - 1));
      focused = chosen()[place]?.id;
      draw();
      root.querySelector<HTMLElement>(`button[data-index="${place}"]`)?.focus();
    },
  });
  if (updatesUrl !== undefined)
    hearUpdates(updatesUrl, {
      onUpdates: (updates) => {
        data = withUpdates(data, updates);
        drawSoon();
      },
      onConnection: (state) => {
        connection = state;
        drawSoon();
      },
    });
};

/** Where the list is now; before it is drawn for the first time, at the top. */
const listView = (root: HTMLElement, openIndex: number): ListView => {
  const top = root.querySelector("ul.tenants")?.getBoundingClientRect().top ?? 0;
  const details = root.querySelector<HTMLElement>(".details");
  return {
    top: -top,
    height: innerHeight,
    open: openIndex < 0 || details === null ? undefined : { index: openIndex, height: details.offsetHeight },
  };
};

const isSame = (a: DrawnRows, b: DrawnRows): boolean =>
  a.pixelsBelow === b.pixelsBelow &&
  a.rows.length === b.rows.length &&
  a.rows.every(({ index }, place) => index === b.rows[place]?.index);

void start();
