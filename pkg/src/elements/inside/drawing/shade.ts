/** A probability as the shade of an element, set through the object model: a strict `style-src` refuses style attributes. */
import { noChange } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';
import { onShade, shade, type Hue } from './drawing.js';

class Shade extends Directive {
  render(_hue: Hue, _share: number): symbol {
    return noChange;
  }
  override update(part: ElementPart, [hue, share]: [Hue, number]): symbol {
    const { style } = part.element as HTMLElement;
    style.setProperty('background', shade(hue, share));
    style.setProperty('color', onShade(share));
    return noChange;
  }
}

/** Shades the element: 0 is the paper, 1 the hue. */
export const shadeOf = directive(Shade);
