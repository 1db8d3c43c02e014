import { noChange } from "lit-html";
import { directive, Directive, type ElementPart } from "lit-html/directive.js";

/** Sets a property of an element's style, in pixels, as the page's policy allows it: as an attribute, it would be refused. */
export const pixels = directive(
  class extends Directive {
    // Its parameters are those of the template; only a browser calls update instead.
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the types are what is used
    override render(_property: string, _pixels: number): typeof noChange {
      return noChange;
    }

    override update({ element }: ElementPart, [property, value]: [string, number]): typeof noChange {
      if (element instanceof HTMLElement) element.style.setProperty(property, `${value}px`);
      return noChange;
    }
  },
);
