import { expect } from "chai";
import fc from "fast-check";
import { isClusterArn, parseServiceArn, regionOf } from "../../local/arns.ts";
import { findCluster } from "../../local/cluster.ts";
import { glanceAt } from "../../local/event-glance.ts";
import { readEventStream } from "../../local/input/event-stream.ts";
import { CLUSTER_ARN, deploymentStateChange, serviceAction, serviceArnOf } from "../handler/events.ts";

describe("A glance at an event", () => {
  it("reads what it says", () => {
    expect(glanceAt(serviceAction("SERVICE_STEADY_STATE", { id: "a" }))).to.deep.equal({
      id: "a",
      name: "SERVICE_STEADY_STATE",
      time: "2026-03-01T10:00:00Z",
      serviceArn: serviceArnOf("acme"),
      clusterArn: CLUSTER_ARN,
    });
  });

  it("takes the cluster from the service's ARN where the event does not name it", () => {
    expect(glanceAt(deploymentStateChange("SERVICE_DEPLOYMENT_FAILED", "ecs-svc/1")).clusterArn).to.equal(
      CLUSTER_ARN,
    );
  });

  it("leaves out what is not well-formed", () => {
    const event = {
      id: 7,
      time: null,
      resources: ["arn:aws:ecs:x", 3],
      detail: { eventName: [], clusterArn: "c" },
    };
    expect(Object.values(glanceAt(event)).filter((value) => value !== undefined)).to.deep.equal([]);
  });

  it("gets over any JSON value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (resources, detail) => {
        expect(glanceAt(resources)).to.be.an("object");
        expect(glanceAt({ resources, detail })).to.be.an("object");
      }),
    );
  });
});

describe("The cluster of a stream", () => {
  const find = async (lines: readonly unknown[]) => {
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
    const { clusterArn, entries } = await findCluster(
      readEventStream(
        (async function* () {
          yield await Promise.resolve(text);
        })(),
      ).entries,
    );
    const ids: unknown[] = [];
    for await (const entry of entries)
      ids.push(entry.kind === "event" ? glanceAt(entry.event).id : undefined);
    return { clusterArn, ids };
  };

  it("is the one that an event names first; no entry is lost by looking", async () => {
    const other = CLUSTER_ARN.replace("-dev", "-other");
    expect(
      await find([
        "junk",
        { id: "a", "detail-type": "x" },
        serviceAction("SERVICE_STEADY_STATE", { id: "b" }),
        serviceAction("SERVICE_STEADY_STATE", { id: "c", detail: { clusterArn: other } }),
      ]),
    ).to.deep.equal({ clusterArn: CLUSTER_ARN, ids: [undefined, "a", "b", "c"] });
  });

  it("is unknown where none does", async () => {
    expect(
      await find([
        { id: "a", "detail-type": "x" },
        { id: "b", "detail-type": "x" },
      ]),
    ).to.deep.equal({ clusterArn: undefined, ids: ["a", "b"] });
  });
});

describe("An ARN", () => {
  it("of a cluster tells its region", () => {
    expect(isClusterArn(CLUSTER_ARN)).to.equal(true);
    expect(regionOf(CLUSTER_ARN)).to.equal("af-south-1");
    expect(isClusterArn(serviceArnOf("acme"))).to.equal(false);
    expect(() => regionOf("x")).to.throw("x is not the ARN of an ECS cluster");
  });

  it("of a service tells its name, and its cluster unless it is a very old one", () => {
    expect(parseServiceArn(serviceArnOf("acme"))).to.deep.equal({
      serviceName: "tenant-acme-wordpress",
      clusterArn: CLUSTER_ARN,
    });
    expect(parseServiceArn("arn:aws-cn:ecs:cn-north-1:123456789012:service/web")).to.deep.equal({
      serviceName: "web",
      clusterArn: undefined,
    });
    expect(parseServiceArn(`${serviceArnOf("acme")}/more`)).to.equal(undefined);
  });
});
