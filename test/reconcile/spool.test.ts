import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { shardNumbers, SpoolFolder } from "../../reconcile/spool.ts";

describe("what is put aside in files", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "spool-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const written = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);

  it("comes back whole, what has one key in one shard and in its order, shards of about one size", () => {
    const spool = new SpoolFolder(folder).create<{ key: string; text: string; number: number }>();
    const text = 'a "line"\nand another €'.repeat(5);
    const records = Array.from({ length: 10_000 }, (_, number) => ({
      key: `t${number % 5000}`,
      text,
      number,
    }));
    for (const record of records) spool.add(record.key, record);
    expect(written(), "of each shard the beginning; the rest is in memory").to.have.length(
      shardNumbers.length,
    );
    const shards = shardNumbers.map((shard) => spool.read(shard));
    const sorted = shards.flat().sort((a, b) => a.number - b.number);
    expect(sorted).to.deep.equal(records);
    for (const shard of shards) {
      expect(shard.length).to.be.within(80, 240);
      for (const { key, number } of shard) {
        const same = shard.filter((other) => other.key === key).map((other) => other.number);
        expect(same, key).to.deep.equal([Number(key.slice(1)), Number(key.slice(1)) + 5000]);
        if (number > 200) break;
      }
    }
  });

  it("is written when there is enough of it, and else stays in memory, read or not", () => {
    const spool = new SpoolFolder(folder).create<string>();
    spool.add("a", "little");
    expect(shardNumbers.flatMap((shard) => spool.read(shard))).to.deep.equal(["little"]);
    expect(written()).to.deep.equal([]);
    spool.add("a", "much".repeat(5000));
    expect(written()).to.have.length(1);
  });

  it("can be removed more than once", () => {
    const spools = new SpoolFolder(folder);
    spools.remove();
    spools.remove();
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("can be read again, and added to", () => {
    const spool = new SpoolFolder(folder).create<number>();
    spool.add("a", 1);
    const read = (): number[] => shardNumbers.flatMap((shard) => spool.read(shard));
    expect(read()).to.deep.equal([1]);
    spool.add("a", 2);
    expect(read()).to.deep.equal([1, 2]);
  });

  it("is apart from other spools and other runs, and removed with them", () => {
    const [one, other] = [new SpoolFolder(folder), new SpoolFolder(folder)];
    const [first, second] = [one.create<number>(), one.create<number>()];
    first.add("a", 1);
    expect(shardNumbers.flatMap((shard) => second.read(shard))).to.deep.equal([]);
    expect(readdirSync(folder)).to.have.length(2);
    one.remove();
    other.remove();
    expect(readdirSync(folder)).to.deep.equal([]);
    expect(existsSync(folder)).to.equal(true);
  });
});
