import { render } from "lit-html";
import { type PackedPage, unpackPage } from "../packed-page.ts";
import { hearUpdates } from "./hear-updates.ts";
import { followKeys } from "./keys.ts";
import { FIRST_CHOICE, type PageChoice, withUpdates } from "./page-state.ts";
import { view } from "./view.ts";

const readPacked = async (): Promise<PackedPage> => {
  const text = document.getElementById("data")?.textContent ?? "";
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));

  return (await new Response(unzipped).json()) as PackedPage;
};

const start = async (): Promise<void> => {
  const root = document.getElementById("page");
  if (root === null) return;
  const packed = await readPacked();
  const { looks, updates: updatesUrl } = packed;
  let data = unpackPage(packed);
  let choice = FIRST_CHOICE;
  let connection = updatesUrl === undefined ? undefined : "connecting";
  let isDue = false;
  document.title = data.title;
  root.textContent = "";

  const draw = (): void => {
    isDue = false;
    render(view({ data, looks, choice, connection, choose }), root);
  };
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
  draw();
  followKeys(root, () => {
    choose({ open: undefined });
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

void start();
