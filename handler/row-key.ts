/** Where a tenant's row is: the key template of the table with the tenant's id filled in. */
export const rowKey = (
  template: Readonly<Record<string, string>>,
  tenantId: string,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(template).map(([attribute, value]) => [
      attribute,
      value.replaceAll("{tenantId}", () => tenantId),
    ]),
  );
