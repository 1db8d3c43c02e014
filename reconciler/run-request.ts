import { listViolations } from "../handler/violations.ts";
import type { RunRequestMessage } from "./run-request-message.ts";
import { validateRunRequest } from "./validators.ts";

/** What an invocation asks for; violations where it asks for nothing that this function knows. */
export type RunRequest =
  | { readonly kind: RunRequestMessage["kind"] }
  | { readonly kind: "invalid"; readonly violations: readonly string[] };

/** Checks the input against run-request.schema.json. Total: the input may be anything. */
export const readRunRequest = (input: unknown): RunRequest =>
  isValid(input)
    ? { kind: input.kind }
    : { kind: "invalid", violations: listViolations(validateRunRequest.errors, "the event") };

const isValid = (input: unknown): input is RunRequestMessage => validateRunRequest(input);
