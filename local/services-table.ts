import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";

/** Creates the directory's empty table, as the function finds it after the first deployment. */
export const createServicesTable = async (endpoint: string, tableName: string): Promise<void> => {
  const client = new DynamoDBClient({
    endpoint,
    region: "local",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  try {
    await client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "service_arn", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "service_arn", KeyType: "HASH" }],
      }),
    );
    await waitUntilTableExists(
      { client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 },
      { TableName: tableName },
    );
  } finally {
    client.destroy();
  }
};
