import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { lazy } from "../checklist/lazy.ts";
import { packPage } from "./packed-page.ts";
import type { PageData } from "./page-data.ts";
import { statusLooks } from "./status-looks.ts";

export interface PageOptions {
  /** A live page listens here, for events of the server: of the form `updates?after=3`, beside where it comes from. */
  readonly updates?: string | undefined;
}

/**
 * One HTML file that needs nothing else, and asks nobody: its policy (CSP) allows its own script and style and no other, and a live page to
 * ask where it comes from. The data is in it as text that is no HTML; the page's script puts it into the document by templates that escape.
 */
export const renderPage = async (data: PageData, { updates }: PageOptions = {}): Promise<string> => {
  const { script, style } = await parts();
  const packed = gzipSync(JSON.stringify(packPage(data, statusLooks(data), updates)), { level: 9 });
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    // The empty icon.
    "img-src data:",
    `connect-src ${updates === undefined ? "'none'" : "'self'"}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html",
  ].join("; ");
  // An icon of its own: else a browser asks for one.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Tenants</title>
<style>${style}</style>
</head>
<body>
<div id="page"><p>This page needs JavaScript. It is all in this file.</p></div>
<script id="data" type="application/octet-stream;base64">${packed.toString("base64")}</script>
<script>${script}</script>
</body>
</html>
`;
};

const fileAt = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Bundled once for a process. */
const parts = lazy(async () => ({
  script: await bundle(fileAt("browser/main.ts")),
  style: await bundle(fileAt("browser/page.css")),
}));

/** Only here is the bundler loaded: most commands that could write a page write none. */
const bundle = async (entryPoint: string): Promise<string> => {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: ["chrome110", "firefox115", "safari16.4"],
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
    charset: "ascii",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.text.trim() ?? "";
};

const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
