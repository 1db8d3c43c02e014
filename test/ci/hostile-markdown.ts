import fc from "fast-check";
import { anyText } from "../checklist/any-text.ts";

/** What people, tenants and AWS might be called by somebody who means ill, and whatever else there is. */
const one = fc.oneof(
  fc.constantFrom(
    "# heading",
    "a\n# heading",
    "@everyone",
    "[x](javascript:alert(1))",
    "![x](https://evil.example/pixel)",
    "<!-- comment",
    "<img src=x onerror=alert(1)>",
    "https://evil.example",
    "www.evil.example",
    "a@evil.example",
    "closes #26",
    "owner/repo#26",
    "GH-26",
    "| a | b |",
    "```\n# out",
    "``",
    "`",
    "~~~",
    "- list",
    "1. list",
    "> [!WARNING]",
    "::stop-commands::x",
    "\n::add-mask::x",
    "\u001b]52;c;eA==\u0007",
    "\u202egnp.exe",
    "$(id) ${{ secrets.X }} *b* _i_ ~~s~~",
    "x".repeat(10_000),
    "",
    " ",
  ),
  anyText({ maxLength: 40 }),
  fc
    .array(fc.constantFrom(...Array.from("`#*_[]()<>!|\\@:/.~-+=\n\r\t &x1")), { maxLength: 30 })
    .map((all) => all.join("")),
);
export const hostileMarkdown = fc.array(one, { minLength: 1, maxLength: 3 }).map((all) => all.join(""));
// eslint-disable-next-line no-control-regex -- these are what must not get through
export const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
