/**
 * `cloze/elements/summarize`: `<cloze-summarize>` without the other elements.
 *
 * @module
 */
import { define } from '../elements/define.js';
import { ClozeSummarize as Element } from '../elements/summarize/element.js';
import type { ClozeSummarize as Declared, ElementClass } from '../elements.js';

export const ClozeSummarize: ElementClass<Declared> = Element;

define(['cloze-summarize', Element]);
