import { writeFile } from "node:fs/promises";
import { type Check, pass, skip } from "../../checklist/check.ts";
import { ObstacleError } from "../../checklist/errors.ts";
import type { PageData } from "../../page/page-data.ts";
import { renderPage } from "../../page/render-page.ts";

/** The help of `--html`. */
export const HTML_HELP = "write a page with a timeline for each tenant to this file; it needs no network";

/** Writes the page, when one is asked for. @param data undefined when there is nothing to show. */
export const writtenPage = (file: string | undefined, data: () => PageData | undefined): readonly Check[] =>
  file === undefined
    ? []
    : [
        {
          title: `Page ${file}`,
          run: async () => {
            const shown = data();
            if (shown === undefined) return skip("there is nothing to show");
            const html = await renderPage(shown);
            await writeFile(file, html).catch((error: unknown) => {
              throw new ObstacleError(`It cannot be written: ${String(error)}`, { cause: error });
            });
            return pass(`${shown.tenants.length} tenants, ${Math.ceil(html.length / 1000)} kB`);
          },
        },
      ];
