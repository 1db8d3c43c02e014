import type { PageUpdate } from "../page-data.ts";

export interface UpdateListener {
  readonly onUpdates: (updates: readonly PageUpdate[]) => void;
  readonly onConnection: (state: string) => void;
}

/** Hears of updates from where the page came. After a break the browser connects again by itself, and is told what it missed. */
export const hearUpdates = (url: string, { onUpdates, onConnection }: UpdateListener): void => {
  const source = new EventSource(url);
  source.addEventListener("open", () => {
    onConnection("live");
  });
  source.addEventListener("error", () => {
    onConnection("disconnected, trying again");
  });
  source.addEventListener("update", ({ data }: MessageEvent<string>) => {
    onUpdates(JSON.parse(data) as readonly PageUpdate[]);
  });
  // It was away for too long: what it missed is not kept.
  source.addEventListener("outdated", () => {
    location.reload();
  });
};
