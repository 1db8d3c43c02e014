import { propertyOf } from "./json-value.ts";

/** The key of the tenant table. */
export const TENANT_ID = "tenant_id";

/** Whose row a request to the tenant table is about. */
export const tenantIdIn = (body: Readonly<Record<string, unknown>>): unknown =>
  propertyOf(propertyOf(body["Key"] ?? body["Item"], TENANT_ID), "S");
