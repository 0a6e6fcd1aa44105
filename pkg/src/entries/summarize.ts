/**
 * `cloze/elements/summarize`: `<cloze-summarize>` without the other elements.
 *
 * @module
 */
import { define } from '../elements/define.js';
import { ClozeSummarize as Element } from '../elements/summarize/element.js';
import { ClozeTokenStream } from '../elements/widgets/token-stream.js';
import type { ClozeSummarize as Declared, ElementClass } from '../elements.js';

export const ClozeSummarize: ElementClass<Declared> = Element;

define(['cloze-token-stream', ClozeTokenStream], ['cloze-summarize', Element]);
