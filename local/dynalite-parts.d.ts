/** The parts of dynalite that are driven without its server and its asynchronous store. */
declare module "dynalite/validations/index.js" {
  export function checkTypes(data: unknown, types: unknown): Record<string, unknown>;
  export function checkValidations(data: unknown, types: unknown, custom: unknown, store: unknown): void;
}

declare module "dynalite/validations/*.js" {
  export const types: unknown;
  export const custom: unknown;
}

declare module "dynalite/db/index.js" {
  export function createKey(item: unknown, table: unknown): string;
}

declare module "dynalite/actions/*.js" {
  const action: (
    store: unknown,
    data: Record<string, unknown>,
    callback: (error: unknown, result?: unknown) => void,
  ) => void;
  export default action;
}
