import { PassThrough } from "node:stream";
import { expect } from "chai";
import fc from "fast-check";
import { createJsonPlaybackReporter } from "../../local/json-playback-reporter.ts";
import { createLivePlaybackReporter } from "../../local/live-playback-reporter.ts";
import { createPlainPlaybackReporter } from "../../local/plain-playback-reporter.ts";
import type { PlayedEntry } from "../../local/played-entry.ts";
import type { PlaybackReporter } from "../../local/playback-reporter.ts";
import { createStyle } from "../../local/style.ts";
import { hostileText, liveLine } from "../checklist/hostile-text.ts";
import { endOf } from "./run-end.ts";

const plain = createStyle(false);

/** A run in which everything is called so. */
const play = (reporter: PlaybackReporter, text: string): void => {
  const row = {
    tenant_id: text,
    status: text,
    status_at: text,
    last_event: { name: text, id: text, at: text },
    [text]: text,
  };
  const entry: Omit<PlayedEntry, "result"> = {
    position: { line: 1 },
    glance: { id: text, time: text, name: text },
    tenantId: text,
    requests: 1,
  };
  reporter.started({
    input: text,
    clusterArn: "c",
    environment: "dev",
    package: { zipBytes: 1, codeSha256: "s" },
  });
  reporter.logLine(text);
  reporter.played({
    ...entry,
    result: {
      status: "success",
      tenantId: text,
      event: text,
      tenantStatus: text,
      previousStatus: text,
      changed: true,
    },
  });
  reporter.played({
    ...entry,
    result: { status: "ignored", reason: "environment_mismatch", event: text, message: text },
  });
  reporter.played({ ...entry, result: { status: "failed", error: { name: text, message: text } } });
  reporter.showRow?.(row);
  reporter.finished(endOf(row));
  reporter.close();
};

describe("hostile text in what npm start plays", () => {
  it("reaches neither lines nor JSON live", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        let printed = "";
        const output = { write: (part: string) => (printed += part) };
        play(createPlainPlaybackReporter(output, plain), text);
        play(createJsonPlaybackReporter(output, output), text);
        expect(liveLine(printed)).to.be.undefined;
      }),
    );
  });

  it("reaches no live table", () => {
    for (const text of ["\u001b]52;c;eA==\u0007", "\u009b2J", "\u202e", "\n::add-mask::x"]) {
      const stream = Object.assign(new PassThrough(), { rows: 24, columns: 120 });
      let drawn = "";
      stream.on("data", (part: Buffer) => (drawn += part.toString()));
      play(createLivePlaybackReporter(stream, plain), text);
      expect(drawn).to.include("\\u").and.not.include(text);
    }
  });
});
