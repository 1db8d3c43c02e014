/** An IAM policy, identity- or resource-based, as far as it is used here. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  /** Who; in resource-based policies only. */
  readonly Principal?: "*" | { readonly Service: string } | { readonly Federated: string };
  readonly Action: string | readonly string[];
  /** Absent from trust policies, whose resource is the role itself. */
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export const policyDocument = (...statements: readonly PolicyStatement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});
