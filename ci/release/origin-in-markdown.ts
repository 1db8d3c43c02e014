import { describeOrigin, type Origin } from "../../ops/aws/lambda/release-record.ts";
import { textInMarkdown } from "../markdown.ts";

/** Where a release comes from, for a summary; who skipped the quality gates may be called anything. */
export const originInMarkdown = (origin: Origin | undefined): string =>
  textInMarkdown(describeOrigin(origin));
