import type { AllowlistRecord } from "audit-ci";

/** An advisory that is known, and does no harm here until it is looked at again. */
export interface AcceptedAdvisory {
  readonly id: string;
  readonly reason: string;
  /** The day from which it counts again, `2027-02-28`. */
  readonly expiry: string;
  /** As audit-ci takes it. */
  readonly record: AllowlistRecord;
}

/**
 * Reads what is in `supply/accepted-advisories.json`, which is an allowlist in audit-ci's own format. audit-ci would also take an entry without
 * a reason, without an end, or for whole packages: this list has none of these.
 * @throws {AcceptedAdvisoryError} naming the entry that is wrong.
 */
export const parseAcceptedAdvisories = (list: unknown): readonly AcceptedAdvisory[] => {
  if (!Array.isArray(list)) throw new AcceptedAdvisoryError("The accepted advisories are no list");
  return list.map((entry: unknown) => {
    const properties: [string, unknown][] = Object.entries(entry ?? {});
    const [id = "", content] = properties[0] ?? [];
    if (!/^GHSA(-[0-9a-z]{4}){3}$/.test(id) || properties.length > 1 || !isContent(content))
      throw new AcceptedAdvisoryError(
        `${JSON.stringify(entry)} accepts no advisory: {"GHSA-…": {"active": true, "notes": "why", "expiry": "2027-02-28"}} does`,
      );
    return { id, reason: content.notes, expiry: content.expiry, record: { [id]: content } };
  });
};

/** The list of accepted advisories is wrong. */
export class AcceptedAdvisoryError extends Error {
  override readonly name = "AcceptedAdvisoryError";
}

interface Content {
  readonly active: true;
  readonly notes: string;
  readonly expiry: string;
}

const isContent = (content: unknown): content is Content =>
  typeof content === "object" &&
  content !== null &&
  "active" in content &&
  content.active === true &&
  "notes" in content &&
  typeof content.notes === "string" &&
  content.notes.trim() !== "" &&
  "expiry" in content &&
  typeof content.expiry === "string" &&
  /^\d{4}-\d\d-\d\d$/.test(content.expiry) &&
  !Number.isNaN(Date.parse(content.expiry));
