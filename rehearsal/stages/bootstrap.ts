import { type Finding, pass } from "../../checklist/check.ts";
import { takeInventory } from "../inventory.ts";
import type { Ended } from "../programs.ts";
import type { Stage } from "../../checklist/stage.ts";
import { createPrerequisites } from "../prerequisites.ts";
import type { Place, RehearsalContext } from "../context.ts";
import { judgeExit } from "../judge-exit.ts";

/** What others own, and what must be there before a first deployment, in all three accounts. */
export const bootstrap = (context: RehearsalContext): Stage => {
  const places = Object.values(context.parts.places);
  const inAll = async (run: (place: Place, name: string) => Promise<Ended>): Promise<Finding> => {
    const findings = await Promise.all(
      places.map(async (place) => judgeExit(await run(place, place.environment.environment))),
    );
    return findings.find(({ outcome }) => outcome === "fail") ?? pass("in each account");
  };
  return {
    title: "Bootstrap of the three accounts",
    runs: "until-failure",
    checks: [
      {
        title: "Tenant tables, clusters and a service",
        run: async () => {
          await Promise.all(places.map(createPrerequisites));
          return pass(places.map(({ environment }) => environment.accountId).join(", "));
        },
      },
      {
        title: "State buckets and roles (cdktf deploy state-dev access-dev; the same of sit and prod)",
        run: () =>
          inAll((place, name) => context.cdktf(place, `deploy state-${name} access-${name} --auto-approve`)),
      },
      {
        title: "ops access dev, sit, prod",
        run: () => inAll((place, name) => context.ops(place, `access ${name}`)),
      },
      {
        title: "ops preflight dev, sit, prod",
        run: () => inAll((place, name) => context.ops(place, `preflight ${name}`)),
      },
      {
        title: "An inventory of each account",
        run: async () => {
          for (const place of places)
            context.inventories.set(place.environment.environment, await takeInventory(place));
          return pass("taken, to be compared with");
        },
      },
    ],
  };
};
