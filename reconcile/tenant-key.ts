/** Reads a tenant's id out of a row's key; undefined for rows that are no tenant's, as single-table layouts have. */
export type ReadTenantId = (row: Readonly<Record<string, unknown>>) => string | undefined;

/** Inverts a key template such as `{"PK":"TENANT#{tenantId}","SK":"INSTANCE"}`. */
export const createTenantIdReader = (template: Readonly<Record<string, string>>): ReadTenantId => {
  const attributes = Object.entries(template).map(([attribute, value]) => ({
    attribute,
    form: new RegExp(`^${value.split("{tenantId}").map(escape).join("(.+)")}$`, "s"),
  }));
  return (row) => {
    const found = new Set<string>();
    for (const { attribute, form } of attributes) {
      const value = row[attribute];
      const groups = typeof value === "string" ? form.exec(value) : null;
      if (groups === null) return undefined;
      for (const tenantId of groups.slice(1)) found.add(tenantId);
    }
    // A template may name the tenant more than once; the row is a tenant's if all of them say the same.
    const [tenantId] = found;
    return found.size === 1 ? tenantId : undefined;
  };
};

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
