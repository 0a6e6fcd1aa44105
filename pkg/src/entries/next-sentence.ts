/**
 * `cloze/elements/next-sentence`: `<cloze-next-sentence>` without the other elements.
 *
 * @module
 */
import { define } from '../elements/define.js';
import { ClozeNextSentence as Element } from '../elements/next-sentence/element.js';
import type { ClozeNextSentence as Declared, ElementClass } from '../elements.js';

export const ClozeNextSentence: ElementClass<Declared> = Element;

define(['cloze-next-sentence', Element]);
