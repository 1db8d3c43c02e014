import { expect } from "chai";
import fc from "fast-check";
import { anyText } from "../checklist/any-text.ts";
import { packPage, unpackPage } from "../../page/packed-page.ts";
import type { PageData } from "../../page/page-data.ts";
import { statusLooks } from "../../page/status-looks.ts";

const time = fc.oneof(
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-01-01") })
    .map((date) => date.toISOString()),
  fc.integer({ min: 0, max: 2_000_000_000 }).map((second) => new Date(second * 1000).toISOString()),
  fc.constantFrom("(none)", "no time"),
);
const text = fc.oneof(fc.constantFrom("ACTIVE", "FAILED"), anyText());
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const pageData: fc.Arbitrary<PageData> = fc.record({
  title: text,
  source: text,
  asOf: time,
  tenants: fc.array(
    fc.record({
      id: text,
      status: text,
      since: maybe(time),
      note: maybe(text),
      before: maybe(text),
      events: fc.oneof(
        fc.array(fc.record({ at: time, name: text, id: maybe(text), status: maybe(text), effect: text })),
        fc.array(fc.record({ at: time, name: text, id: fc.uuid(), status: maybe(text), effect: text })),
      ),
    }),
  ),
});

describe("the data of a page", () => {
  it("comes out of its package as it went in", () => {
    fc.assert(
      fc.property(pageData, (data) => {
        const packed: ReturnType<typeof packPage> = JSON.parse(
          JSON.stringify(packPage(data, statusLooks(data), undefined)),
        ) as never;
        expect(unpackPage(packed)).to.deep.equal(data);
      }),
    );
  });

  it("gives each status a look, other services' own ones among them, and FAILED crossed out in red", () => {
    const looks = statusLooks({
      tenants: [
        { id: "a", status: "SUSPENDED", since: undefined, note: undefined, before: "OLD", events: [] },
      ],
    });
    expect(looks.find(({ name }) => name === "FAILED")).to.include({ color: "red", pattern: "cross" });
    expect(looks.find(({ name }) => name === "ACTIVE")).to.include({ color: "green", pattern: "solid" });
    expect(looks.slice(-2).map(({ name }) => name)).to.deep.equal(["OLD", "SUSPENDED"]);
    expect(new Set(looks.slice(0, 8).map(({ pattern }) => pattern)).size).to.equal(looks.length);
  });
});
