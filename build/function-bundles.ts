import type { CommonJsFiles } from "./common-js-files.ts";
import { bundleHandler } from "./handler-bundle.ts";
import { bundleReconciler } from "./reconciler-bundle.ts";

/** All files of the zip: those of the handler, then that of the reconciler. The handler's are what they would be alone. */
export const bundleFunctions = async (): Promise<CommonJsFiles> => {
  const [handler, reconciler] = await Promise.all([bundleHandler(), bundleReconciler()]);
  return {
    files: { ...handler.files, ...reconciler.files },
    sourceMaps: { ...handler.sourceMaps, ...reconciler.sourceMaps },
    metafile: {
      inputs: { ...handler.metafile.inputs, ...reconciler.metafile.inputs },
      outputs: { ...handler.metafile.outputs, ...reconciler.metafile.outputs },
    },
  };
};
