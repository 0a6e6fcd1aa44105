/**
 * `cloze/elements/tag`: `<cloze-tag>` without the other elements.
 *
 * @module
 */
import { define } from '../elements/define.js';
import { ClozeTag as Element } from '../elements/tag/element.js';
import type { ClozeTag as Declared, ElementClass } from '../elements.js';

export const ClozeTag: ElementClass<Declared> = Element;

define(['cloze-tag', Element]);
