import type { Context } from "../../context.ts";

/** The context in which what is asked of the function is asked of the scheduled reconciler. */
export const ofReconciler = <Part extends Pick<Context, "names">>(context: Part): Part => ({
  ...context,
  names: { ...context.names, ...context.names.reconciler },
});
