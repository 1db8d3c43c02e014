import { DataAwsIamOpenidConnectProvider } from "@cdktf/provider-aws/lib/data-aws-iam-openid-connect-provider/index.js";
import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider/index.js";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { Aspects, LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { addAwsAccount } from "./aws-account.ts";
import { boundaryPolicy } from "./boundary-policy.ts";
import { Guardrails } from "./guardrails.ts";
import { GITHUB_AUDIENCE, githubProviderUrl, workflowRoles } from "./workflow-roles.ts";

export interface AccessStackProps {
  readonly environment: Environment;
  /** Every environment, as one may be promoted to another. */
  readonly all: readonly Environment[];
}

/**
 * Who may do what in an environment's account: GitHub's identity provider, the three roles of the workflows, and the boundary of
 * the functions' roles. Deployed once per account by an administrator, as no workflow may change what workflows may. Its state is
 * a local file, as that of the state bucket.
 */
export class AccessStack extends TerraformStack {
  constructor(scope: Construct, id: string, { environment, all }: AccessStackProps) {
    super(scope, id);
    Aspects.of(this).add(new Guardrails());
    addAwsAccount(this, environment);
    // Terraform runs in cdktf.out/stacks/<id>: this is the repository's root.
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });

    const provider = addProvider(this, environment);
    // Also where no role carries it yet: it must be there before the first one does.
    new IamPolicy(this, "boundary", {
      name: resourceNames(environment).boundaryName,
      description: "The most that the roles of the ECS tenant event handler's functions can do",
      policy: JSON.stringify(boundaryPolicy(environment)),
      lifecycle: DESCRIBED_ONCE,
    });
    for (const { purpose, name, trust, policies } of workflowRoles(environment, all)) {
      const role = new IamRole(this, `${purpose}-role`, {
        name,
        description: `The GitHub workflows of the ECS tenant event handler, to ${purpose}`,
        assumeRolePolicy: JSON.stringify(trust),
        maxSessionDuration: SESSION_SECONDS,
        // AWS takes no trust in a provider that is not there.
        dependsOn: [provider],
      });
      for (const [index, policy] of policies.entries()) {
        const id = policies.length === 1 ? `${purpose}-policy` : `${purpose}-policy-${index + 1}`;
        const managed = new IamPolicy(this, id, {
          name: policies.length === 1 ? name : `${name}-${index + 1}`,
          policy: JSON.stringify(policy),
          lifecycle: DESCRIBED_ONCE,
        });
        new IamRolePolicyAttachment(this, `${id}-attachment`, { role: role.name, policyArn: managed.arn });
      }
      new TerraformOutput(this, `${purpose}_role`, {
        description: `The role to ${purpose}`,
        value: role.arn,
      });
    }
  }
}

/** Of an hour, as `aws-actions/configure-aws-credentials` asks for; no job of ours takes longer. */
const SESSION_SECONDS = 3600;

/** IAM cannot change a policy's description: one that somebody else has made and described would have to be replaced. */
const DESCRIBED_ONCE = { ignoreChanges: ["description"] };

/** An account has one provider for GitHub. It is looked up where somebody else has made it. */
const addProvider = (stack: TerraformStack, { identityProvider }: Environment) =>
  identityProvider === "existing"
    ? new DataAwsIamOpenidConnectProvider(stack, "github", { url: githubProviderUrl })
    : new IamOpenidConnectProvider(stack, "github", {
        url: githubProviderUrl,
        clientIdList: [GITHUB_AUDIENCE],
      });
