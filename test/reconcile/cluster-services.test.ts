import { expect } from "chai";
import { ClusterServices, type SeenService } from "../../reconcile/cluster-services.ts";
import { dateHeaderOf } from "../../reconcile/server-time.ts";
import { type LocalAws, startLocalAws } from "../ops/local-aws.ts";
import { LocalEcs } from "../ops/local-ecs.ts";

const CLUSTER = "arn:aws:ecs:af-south-1:536580886816:cluster/bbws-cluster-dev";
const arnOf = (name: string): string =>
  `arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/${name}`;

/** A real client, over HTTP. */
describe("the services of a cluster", () => {
  let ecs: LocalEcs;
  let aws: LocalAws;
  let serverTime: Date | undefined;
  const { signal } = new AbortController();

  beforeEach(async () => {
    ecs = new LocalEcs();
    serverTime = new Date("2026-03-03T21:00:07Z");
    aws = await startLocalAws({
      ecs: (action, input) => ecs.answer(action, input),
      serverTime: () => serverTime,
    });
  });
  afterEach(() => aws.close());

  const services = (pace?: () => Promise<void>): ClusterServices =>
    new ClusterServices(aws.createAws("af-south-1").ecs, CLUSTER, signal, pace);
  const seeAll = async (of: ClusterServices): Promise<SeenService[]> => {
    const seen: SeenService[] = [];
    for await (const one of of.all()) seen.push(one);
    return seen;
  };
  const requests = (action: string) => ecs.requests.filter((request) => request.action === action);

  it("are counted as ECS counts the active ones", async () => {
    ecs.add({ name: "a" }, { name: "b" }, { name: "c", status: "DRAINING" });
    expect(await services().count()).to.equal(2);
    expect(requests("DescribeClusters")[0]?.input).to.deep.equal({ clusters: [CLUSTER] });
    ecs.answer = () => ({ clusters: [{ status: "ACTIVE" }] });
    expect(await services().count(), "of which ECS says nothing").to.equal(0);
  });

  for (const clusters of [
    [],
    [{ clusterArn: CLUSTER, status: "INACTIVE", activeServicesCount: 2 }],
    undefined,
  ])
    it(`are none of a cluster that ECS describes as ${JSON.stringify(clusters)}`, async () => {
      ecs.answer = () => ({ clusters });
      const failure = await services().count().then(String, String);
      expect(failure).to.include(`there is no active ECS cluster ${CLUSTER}`);
    });

  it("are all seen, a hundred listed and ten described at a time, each after the pace allows it", async () => {
    const names = Array.from({ length: 215 }, (_, index) => `s${String(index).padStart(3, "0")}`);
    ecs.add(...names.map((name) => ({ name, tenantId: name })));
    let paced = 0;
    const all = services(() => {
      paced++;
      return Promise.resolve();
    });
    await all.count();
    const seen = await seeAll(all);
    expect(seen.map(({ serviceArn }) => serviceArn)).to.deep.equal(names.map(arnOf));
    expect(all.listed).to.equal(215);
    expect(requests("ListServices").map(({ input }) => input)).to.deep.equal([
      { cluster: CLUSTER, maxResults: 100 },
      { cluster: CLUSTER, maxResults: 100, nextToken: "100" },
      { cluster: CLUSTER, maxResults: 100, nextToken: "200" },
    ]);
    const described = requests("DescribeServices").map(({ input }) => (input["services"] as string[]).length);
    expect(described.toSorted()).to.deep.equal([...Array<number>(21).fill(10), 5]);
    expect(paced).to.equal(22);
  });

  it("are described with their tags, at a time that is past for ECS", async () => {
    ecs.add({ name: "a", tenantId: "acme" });
    const all = services();
    await all.count();
    const [seen] = await all.see([arnOf("a")]);
    expect(seen).to.deep.include({ kind: "described", serviceArn: arnOf("a"), at: "2026-03-03T21:00:06Z" });
    expect(seen).to.have.nested.property("service.tags.length", 2);
    expect(all.now()).to.deep.equal(new Date("2026-03-03T21:00:06Z"));
  });

  it("each have an answer of their own, whatever ECS says of the others", async () => {
    ecs.add({ name: "a" });
    const all = services();
    await all.count();
    const answer = ecs.answer.bind(ecs);
    ecs.answer = (action, input) => ({
      ...answer(action, { ...input, services: [arnOf("a")] }),
      failures: [
        { arn: arnOf("gone"), reason: "MISSING" },
        { arn: arnOf("broken"), reason: "BROKEN", detail: "as told" },
        { arn: arnOf("brief"), reason: "BROKEN" },
      ],
    });
    const seen = await all.see(["broken", "a", "silent", "gone", "brief"].map(arnOf));
    const at = "2026-03-03T21:00:06Z";
    const unanswered = { kind: "unanswered", at };
    expect(seen.map((one) => (one.kind === "described" ? one.kind : one))).to.deep.equal([
      { ...unanswered, serviceArn: arnOf("broken"), why: "ECS cannot describe it: BROKEN, as told" },
      "described",
      { ...unanswered, serviceArn: arnOf("silent"), why: "ECS was asked about it and did not answer" },
      { kind: "missing", serviceArn: arnOf("gone"), at },
      { ...unanswered, serviceArn: arnOf("brief"), why: "ECS cannot describe it: BROKEN" },
    ]);
    ecs.answer = () => ({});
    expect(await all.see([arnOf("a")])).to.deep.equal([
      { ...unanswered, serviceArn: arnOf("a"), why: "ECS was asked about it and did not answer" },
    ]);
  });

  it("are found by name: of an old short ARN, ECS answers with the long one", async () => {
    ecs.add({ name: "a" });
    const all = services();
    await all.count();
    const [seen] = await all.see(["arn:aws:ecs:af-south-1:536580886816:service/a"]);
    expect(seen).to.include({ kind: "described", serviceArn: arnOf("a") });
  });

  it("are listed as none where ECS lists none", async () => {
    ecs.answer = () => ({});
    const all = services();
    expect(await seeAll(all)).to.deep.equal([]);
    expect(all.listed).to.equal(0);
  });

  it("are not seen before ECS has said what time it is, and its clock never goes back", async () => {
    ecs.add({ name: "a" });
    const all = services();
    const failure = "ECS did not say what time it is: its answers have no Date header";
    expect(() => all.now()).to.throw(failure);
    serverTime = undefined;
    await all.count();
    expect(() => all.now()).to.throw(failure);
    serverTime = new Date("2026-03-03T21:00:07Z");
    await all.count();
    serverTime = new Date("2026-03-03T20:59:00Z");
    await all.count();
    expect(all.now()).to.deep.equal(new Date("2026-03-03T21:00:06Z"));
  });

  for (const response of [
    undefined,
    null,
    "headers",
    {},
    { headers: null },
    { headers: "date" },
    { headers: {} },
    { headers: { date: 7 } },
  ])
    it(`say no date in an answer like ${JSON.stringify(response)}`, () => {
      expect(dateHeaderOf(response)).to.equal(undefined);
      expect(dateHeaderOf({ headers: { date: "then" } })).to.equal("then");
    });
});
