/** Unique in a cluster. */
export const serviceNameOf = (serviceArn: string): string => serviceArn.split("/").at(-1) ?? "";

/**
 * Whether the service may be of the cluster whose services' ARNs begin like this: very old services have ARNs that do not
 * name their cluster.
 */
export const isInCluster = (serviceArn: string, prefix: string): boolean =>
  serviceArn.startsWith(prefix) || /:service\/[^/]+$/.test(serviceArn);
