import { DescribeTableCommand, type TableDescription } from "@aws-sdk/client-dynamodb";
import { DescribeKeyCommand } from "@aws-sdk/client-kms";
import { type Check, fail, type Finding, judge } from "../../checklist/check.ts";
import { isForbidden, isNotFound } from "../aws/explain-error.ts";
import type { Context } from "../context.ts";

type TableContext = Pick<Context, "aws" | "environment" | "signal">;

/** The tenants' table is there, has the configured key, and the functions may decrypt its rows. */
export const tenantsTable = (context: TableContext): Check => {
  const { table, key } = context.environment.tenants;
  const expectedKey = Object.keys(key).join(", ");
  const expected = `ACTIVE, key ${expectedKey}`;
  return {
    title: `Table ${table}`,
    run: async () => {
      const found = await describeTable(context, table);
      if (found === undefined) return fail("no such table", expected);
      const status = found.TableStatus ?? "unknown";
      const foundKey = (found.KeySchema ?? []).map(({ AttributeName }) => AttributeName).join(", ");
      const finding = judge(
        // A table whose indexes or capacity change serves all the same.
        (status === "ACTIVE" || status === "UPDATING") && foundKey === expectedKey,
        `${status}, key ${foundKey}`,
        expected,
      );
      return finding.outcome === "pass" ? ((await findWrongKmsKey(context, found)) ?? finding) : finding;
    },
  };
};

const describeTable = async (
  { aws, signal }: TableContext,
  TableName: string,
): Promise<TableDescription | undefined> => {
  try {
    const { Table } = await aws.dynamoDb.send(new DescribeTableCommand({ TableName }), {
      abortSignal: signal,
    });
    return Table ?? {};
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
};

/**
 * A customer-managed key that the environment does not name: the functions get no `kms:Decrypt`, so every read and write of
 * a row would be denied, after a plan and an apply without an error. A key of AWS's asks for no right.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
const findWrongKmsKey = async (
  context: TableContext,
  table: TableDescription,
): Promise<Finding | undefined> => {
  const { environment, tenants } = context.environment;
  const keyArn = table.SSEDescription?.SSEType === "KMS" ? table.SSEDescription.KMSMasterKeyArn : undefined;
  if (keyArn === tenants.kmsKeyArn) return undefined;
  if (keyArn === undefined)
    return {
      ...fail("a table under a key of AWS's own", `a table under the key ${tenants.kmsKeyArn ?? ""}`),
      hint: `Remove tenants.kmsKeyArn from envs/${environment}.json`,
    };
  const manager = await readKeyManager(context, keyArn);
  if (manager === "AWS" && tenants.kmsKeyArn === undefined) return undefined;
  return {
    ...fail(
      `a table under the ${manager === "CUSTOMER" ? "customer-managed key" : "KMS key"} ${keyArn}` +
        (manager === undefined ? ", which these credentials may not describe" : ""),
      tenants.kmsKeyArn === undefined
        ? "a table under a key of AWS's"
        : `a table under the key ${tenants.kmsKeyArn}`,
    ),
    hint:
      manager === "AWS"
        ? `Remove tenants.kmsKeyArn from envs/${environment}.json`
        : `Without kms:Decrypt on the key, the functions cannot read or write a row: set tenants.kmsKeyArn in envs/${environment}.json to ${keyArn}`,
  };
};

/** `AWS` or `CUSTOMER`; undefined when the credentials may not ask. */
const readKeyManager = async ({ aws, signal }: TableContext, KeyId: string): Promise<string | undefined> => {
  try {
    const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId }), { abortSignal: signal });
    return KeyMetadata?.KeyManager;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
};
