/**
 * `cloze/elements/fill-mask`: `<cloze-fill-mask>` without the other elements.
 *
 * @module
 */
import { define } from '../elements/define.js';
import { ClozeFillMask as Element } from '../elements/fill-mask/element.js';
import type { ClozeFillMask as Declared, ElementClass } from '../elements.js';

export const ClozeFillMask: ElementClass<Declared> = Element;

define(['cloze-fill-mask', Element]);
