import { Annotations, type IAspect, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { findViolations } from "./guardrail-rules.ts";

/**
 * Fails the synthesis of a stack that breaks a rule of guardrail-rules.ts, naming each resource and what it lacks. Each stack
 * adds it to itself: CDKTF does not hand the aspects of an App down.
 */
export class Guardrails implements IAspect {
  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node)) return;
    for (const violation of findViolations(node.toTerraform())) Annotations.of(node).addError(violation);
  }
}
