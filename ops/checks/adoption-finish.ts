import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { type Check, fail, judge, pass } from "../../checklist/check.ts";
import { deleteStack } from "../aws/cloudformation/change-stack.ts";
import type { Context } from "../context.ts";
import type { Adoption } from "../takeover/adoption.ts";
import { describeExisting } from "../takeover/existing-resources.ts";
import { deleteOldRule } from "../takeover/delete-old-rule.ts";
import { listAbandonedRules } from "../takeover/permitted-rules.ts";
import { adoptionSurvey } from "./adoption-survey.ts";

/** What goes at the end of a takeover, and what must be so before. */
export const finishChecks = (context: Context, adoption: Adoption): readonly Check[] => {
  const applyFirst = {
    hint: "Take over first",
    next: `npm run ops -- adopt ${context.environment.environment} --apply`,
  };
  return [
    {
      title: "Taken over",
      run: async () => {
        const existing = await adoption.existing();
        return existing.length === 0
          ? pass("whatever exists is in the Terraform state")
          : { ...fail(existing.map(describeExisting).join(", "), "nothing left to import"), ...applyFirst };
      },
    },
    {
      title: "Live version is the new one",
      run: async () => {
        const { Role = "none", Version = "?" } = await context.aws.lambda.send(
          new GetFunctionConfigurationCommand({
            FunctionName: context.names.functionName,
            Qualifier: context.names.aliasName,
          }),
          { abortSignal: context.signal },
        );
        const finding = judge(
          Role === context.names.roleArn,
          `version ${Version} in the role ${Role}`,
          `a version in the role ${context.names.roleArn}`,
        );
        return finding.outcome === "pass" ? finding : { ...finding, ...applyFirst };
      },
    },
    ...adoptionSurvey(context, adoption),
    {
      title: "Old stack leaves behind what was taken over",
      run: async () => {
        const lacking = await adoption.toRetain();
        if (lacking.length > 0)
          return { ...fail(lacking.join(", "), "DeletionPolicy: Retain for all of it"), ...applyFirst };
        const stack = await adoption.stack();
        return stack?.isProtected === true
          ? {
              ...fail("its termination protection is on", "a stack that can be deleted"),
              hint: "Turn it off, then run the command again",
              next: `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stack.name}`,
            }
          : pass("all of it");
      },
    },
    {
      title: "Old rules made by hand",
      run: async () => {
        const ofStack = ((await adoption.parts())?.leaving ?? []).map(({ physicalId }) => physicalId);
        const found = [...(await adoption.oldRules()), ...(await listAbandonedRules(context))];
        const byHand = found.filter((rule) => !ofStack.includes(rule));
        const done: string[] = [];
        for (const rule of byHand) {
          const outcome = await deleteOldRule(context, rule);
          done.push(
            outcome === "deleted"
              ? `${rule} deleted`
              : `${rule} kept, as it serves others; only the target is deleted`,
          );
        }
        if (done.length > 0) context.audit({ message: `Old rules: ${done.join(", ")}` });
        return pass(done.length === 0 ? "none" : done.join(", "));
      },
    },
    {
      title: "Old stack deleted",
      run: async () => {
        const stack = await adoption.stack();
        if (stack === undefined) return pass("there is none");
        await deleteStack(context, stack);
        const leaving = (await adoption.parts())?.leaving ?? [];
        context.audit({ message: `Stack ${stack.name} deleted`, resources: leaving.length });
        return pass(`${stack.name}, with ${leaving.map(({ physicalId }) => physicalId).join(", ")}`);
      },
    },
  ];
};
