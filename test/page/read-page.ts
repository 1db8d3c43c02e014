import { gunzipSync } from "node:zlib";
import { type PackedPage, unpackPage } from "../../page/packed-page.ts";
import type { PageData } from "../../page/page-data.ts";

/** The data of a page, as its script finds it there. */
export const readPage = (html: string): PageData => unpackPage(packedOf(html));

export const packedOf = (html: string): PackedPage => {
  const [, data = ""] = /<script id="data"[^>]*>([^<]*)</.exec(html) ?? [];
  return JSON.parse(gunzipSync(Buffer.from(data, "base64")).toString()) as PackedPage;
};
