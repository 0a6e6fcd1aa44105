/**
 * `cloze/elements/answer`: `<cloze-answer>` without the other elements.
 *
 * @module
 */
import { define } from '../elements/define.js';
import { ClozeAnswer as Element } from '../elements/answer/element.js';
import type { ClozeAnswer as Declared, ElementClass } from '../elements.js';

export const ClozeAnswer: ElementClass<Declared> = Element;

define(['cloze-answer', Element]);
