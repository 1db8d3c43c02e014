import { expect } from "chai";
import fc from "fast-check";
import type { NamedOccurrence } from "../../handler/event-memory.ts";
import { writeMemory } from "../../handler/memory-attribute.ts";
import { transitionTable as table } from "../../handler/transition-table.ts";
import { createTestTable, type TestTable } from "../handler/dynamodb.ts";
import { CLUSTER_ARN, deploymentStateChange, serviceAction, tagsOf } from "../handler/events.ts";
import { deliveries, lives } from "../handler/histories.ts";
import { foldWholeHistory, memoryOf } from "../handler/whole-history.ts";
import { builtFunction } from "./built-function.ts";
import { runBundle } from "./lambda.ts";

const LIVES = 12;
const CONTAINERS = 3;

/** What ECS sends, under its own names; a telling without the deployment is a Service Action. */
const asEcsTellsIt = (tenantId: string, { name, at, id, deploymentId }: NamedOccurrence): unknown => {
  const rule = table.rule(name);
  const source = rule?.from[0];
  const eventName = source?.eventName ?? name;
  const detail = { tags: tagsOf(tenantId) };
  const options = { id, time: at, resources: [], detail };
  if (deploymentId === undefined)
    return serviceAction(name.startsWith("SERVICE_") ? name : eventName, options);
  const reason =
    source?.reasonContains === undefined ? "in progress" : "Rolling back to deployment ecs-svc/0.";
  return deploymentStateChange(eventName, deploymentId, { ...options, detail: { ...detail, reason } });
};

/** Which of what is dealt out goes to which container. */
const deal = <T>(cards: readonly T[], hands: number): T[][] =>
  Array.from({ length: hands }, (_, hand) => cards.filter((_, index) => index % hands === hand));

/** The whole path at once: ECS's names and reasons, the writes, and several containers that race for the same rows. */
describe("the built bundle, in several containers at once", () => {
  let tenants: TestTable;
  before(async () => {
    tenants = await createTestTable();
  });
  after(() => tenants.close());

  it("ends in the row that the whole history means, in whatever order and however often it is told", async () => {
    const told = fc.sample(
      lives.chain((life) => fc.tuple(fc.constant(life), deliveries(life))),
      LIVES,
    );
    for (const index of told.keys()) await tenants.put({ tenant_id: `t${index}`, status: "PENDING" });
    // Mixed, so that the containers meet at each row; and some events twice at the same time.
    const events = told
      .flatMap(([, delivery], index) =>
        delivery.map((occurrence, turn) => ({ turn, event: asEcsTellsIt(`t${index}`, occurrence) })),
      )
      .sort((one, other) => one.turn - other.turn)
      .flatMap(({ turn, event }) => (turn % 5 === 0 ? [event, event] : [event]));

    const { bundlePath: handler } = await builtFunction();
    const environment = {
      ENVIRONMENT: "dev",
      TENANTS_TABLE: tenants.name,
      CLUSTER_ARN,
      AWS_REGION: "af-south-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL_DYNAMODB: tenants.endpoint,
    };
    const runs = await Promise.all(
      deal(events, CONTAINERS).map((hand) => runBundle(handler, environment, hand)),
    );

    expect(
      runs.flatMap(({ outcomes }) => outcomes.filter((outcome) => "errorType" in outcome)),
    ).to.deep.equal([]);
    for (const [index, [history]] of told.entries()) {
      const row = (await tenants.get({ tenant_id: `t${index}` })) ?? {};
      const last = row["last_event"] as { name: string; id: string };
      const said = history.map(({ at, name, deploymentId }) => `${at} ${name} ${deploymentId ?? ""}`);
      expect(
        { status: row["status"], deploymentId: row["deployment_id"], last: `${last.name} ${last.id}` },
        said.join("\n"),
      ).to.deep.equal(foldWholeHistory(history));
      expect(row["events"]).to.deep.equal(JSON.parse(JSON.stringify(writeMemory(memoryOf(history), table))));
    }
  });
});
