/**
 * `cloze/elements/classify`: `<cloze-classify>` without the other elements.
 *
 * @module
 */
import { define } from '../elements/define.js';
import { ClozeClassify as Element } from '../elements/classify/element.js';
import type { ClozeClassify as Declared, ElementClass } from '../elements.js';

export const ClozeClassify: ElementClass<Declared> = Element;

define(['cloze-classify', Element]);
