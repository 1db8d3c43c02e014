import { gunzipSync } from "node:zlib";
import { type PackedPage, unpackPage } from "../../page/packed-page.ts";
import type { PageData } from "../../page/page-data.ts";

/** The data of a page, as its script finds it there. */
export const readPage = (html: string): PageData => {
  const [, data = ""] = /<script id="data"[^>]*>([^<]*)</.exec(html) ?? [];
  return unpackPage(JSON.parse(gunzipSync(Buffer.from(data, "base64")).toString()) as PackedPage);
};
