const CLUSTER_ARN = /^arn:aws[a-z-]*:ecs:([a-z0-9-]+):\d{12}:cluster\/[A-Za-z0-9_-]{1,255}$/;

/** The cluster is missing in the ARNs of very old services. */
const SERVICE_ARN =
  /^(arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}):service\/(?:([A-Za-z0-9_-]{1,255})\/)?([A-Za-z0-9_-]{1,255})$/;

export const isClusterArn = (text: string): boolean => CLUSTER_ARN.test(text);

export const regionOf = (clusterArn: string): string => {
  const region = CLUSTER_ARN.exec(clusterArn)?.[1];
  if (region === undefined) throw new Error(`${clusterArn} is not the ARN of an ECS cluster`);
  return region;
};

/** What the ARN of a cluster says, in words. */
export const describeCluster = (clusterArn: string): string => {
  const [, , , region = "", account = "", name = ""] = clusterArn.split(":");
  return `${name.replace("/", " ")} of ${account} in ${region}`;
};

/** What the ARN of an ECS service says. */
export interface ServiceArn {
  readonly serviceName: string;
  readonly clusterArn: string | undefined;
}

/** Undefined for anything but a well-formed service ARN. */
export const parseServiceArn = (text: string): ServiceArn | undefined => {
  const [, prefix, cluster, serviceName] = SERVICE_ARN.exec(text) ?? [];
  if (prefix === undefined || serviceName === undefined) return undefined;
  return {
    serviceName,
    clusterArn: cluster === undefined ? undefined : `${prefix}:cluster/${cluster}`,
  };
};
