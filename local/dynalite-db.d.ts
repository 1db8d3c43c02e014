/** The parsers of dynalite, which its validation looks up each time. */
declare module "dynalite/db/*.js" {
  /** Gives what an expression says, with the names and values of its request put in; a text, or an error, where it is wrong. */
  export type Parse = (text: string, options: { readonly context: ParseContext }) => unknown;

  export interface ParseContext {
    readonly attrNames?: Readonly<Record<string, string>> | undefined;
    readonly attrVals?: Readonly<Record<string, AttributeValue>> | undefined;
    /** The parser deletes from these what the expression uses. */
    readonly unusedAttrNames: Record<string, true>;
    readonly unusedAttrVals: Record<string, true>;
  }

  /** In DynamoDB's JSON, such as `{"S":"acme"}`. */
  export type AttributeValue = Readonly<Record<string, unknown>>;

  const parser: { parse: Parse };
  export default parser;
}
