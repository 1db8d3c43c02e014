import type { PageData } from "../page-data.ts";
import { type PackedPage, unpackTenant } from "../packed-page.ts";
import { inSlices, type Slicing } from "./in-slices.ts";
import { searchedText } from "./page-state.ts";
import { firstTime } from "./timeline.ts";

/** The page's data, with what each search and each drawing asks of all tenants made beforehand. */
export const readData = async (): Promise<{ readonly data: PageData; readonly packed: PackedPage }> => {
  const packed = await unzip(bytesOf(document.getElementById("data")?.textContent ?? ""));
  const { title, source, asOf, texts } = packed;
  const tenants = await inSlices(
    packed.tenants,
    (one) => {
      const tenant = unpackTenant(one, texts);
      searchedText(tenant);
      firstTime(tenant);
      return tenant;
    },
    BROWSER,
  );
  return { data: { title, source, asOf, tenants }, packed };
};

/** By a loop: a call for each of millions of bytes would be a long task. */
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
};

const unzip = async (bytes: Uint8Array<ArrayBuffer>): Promise<PackedPage> =>
  (await new Response(
    new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).json()) as PackedPage;

const BROWSER: Slicing = {
  now: () => performance.now(),
  // A timer would wait a second in a tab that is not shown.
  rest: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    }),
};
