/**
 * `cloze/elements/inside`: `<cloze-inside>` without the other elements.
 *
 * @module
 */
import { define } from '../elements/define.js';
import { ClozeInside as Element } from '../elements/inside/element.js';
import type { ClozeInside as Declared, ElementClass } from '../elements.js';

export const ClozeInside: ElementClass<Declared> = Element;

define(['cloze-inside', Element]);
