import type { FleetFinding } from "../reconcile/fleet-finding.ts";

/** Names of what somebody has to look at, by what it is: numbers alone would hide them. */
export interface Troubles {
  add(finding: FleetFinding): void;
  /** What it is, how many there are, and the first of them. */
  list(): readonly Trouble[];
}

export interface Trouble {
  readonly what: string;
  readonly count: number;
  readonly names: readonly string[];
}

/** However many there are, the line stays a line, and the memory small. */
const MAX_NAMES = 50;
const MAX_LENGTH = 512;

export const createTroubles = (): Troubles => {
  const troubles = new Map<string, { count: number; names: string[] }>();
  return {
    add: (finding) => {
      const described = describe(finding);
      if (described === undefined) return;
      const { what, name } = described;
      const trouble = troubles.get(what) ?? { count: 0, names: [] };
      troubles.set(what, trouble);
      trouble.count++;
      if (trouble.names.length < MAX_NAMES) trouble.names.push(clip(name));
    },
    list: () => [...troubles].map(([what, { count, names }]) => ({ what, count, names })),
  };
};

const describe = (finding: FleetFinding): { readonly what: string; readonly name: string } | undefined => {
  switch (finding.kind) {
    case "contested":
      return {
        what: "Tenants that several services claim",
        name: `${finding.tenantId}: ${finding.serviceArns.join(", ")}`,
      };
    case "malformed":
      return { what: "Rows that the handler cannot read", name: `${finding.tenantId}: ${finding.why}` };
    case "ahead":
      return {
        what: "Rows that remember an event of the future",
        name: `${finding.tenantId}: ${finding.why}`,
      };
    case "unanswered":
      return { what: "Services that ECS did not describe", name: `${finding.serviceArn}: ${finding.why}` };
    case "without_service":
      return finding.isLost
        ? { what: "Tenants that lost their service", name: `${finding.tenantId}: ${finding.why}` }
        : undefined;
    case "service":
    case "tenant_service":
    case "service_without_tenant":
    case "row":
    case "agrees":
    case "kept":
    case "drift":
      return undefined;
  }
};

const clip = (text: string): string => (text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…`);
