/**
 * The version of the AWS provider that the stacks ask for, exactly: the one that `@cdktf/provider-aws` was generated from. This is
 * the only place that names it. A newer provider cannot be left again for an older major version.
 */
export const PROVIDER_VERSION = "6.25.0";
