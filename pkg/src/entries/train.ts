/**
 * `cloze/elements/train`: `<cloze-train>` without the other elements.
 *
 * @module
 */
import { define } from '../elements/define.js';
import { ClozeTrain as Element } from '../elements/train/element.js';
import type { ClozeTrain as Declared, ElementClass } from '../elements.js';

export const ClozeTrain: ElementClass<Declared> = Element;

define(['cloze-train', Element]);
