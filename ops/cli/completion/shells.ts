import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import type { CompletionPlaces } from "./places.ts";
import type { Shell } from "./shell.ts";
import { zshScript } from "./zsh.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type ShellName = (typeof SHELLS)[number];

const SCRIPTS: Readonly<Record<ShellName, Shell>> = { bash: bashScript, zsh: zshScript, fish: fishScript };

/**
 * A script that defines `ops`, short for `npm run ops --`, and completes its words. It has all that can be typed in it: to start the
 * program at each Tab would take it seconds.
 */
export const completionScript = (name: ShellName, places: CompletionPlaces): string => {
  const { branch, line, script } = SCRIPTS[name];
  return script(
    [...places]
      .map(([place, candidates]) =>
        branch(place, typeof candidates === "string" ? [`:${candidates}`] : candidates.map(line)),
      )
      .join("\n"),
  );
};
