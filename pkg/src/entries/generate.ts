/**
 * `cloze/elements/generate`: `<cloze-generate>` without the other elements.
 *
 * @module
 */
import { define } from '../elements/define.js';
import { ClozeGenerate as Element } from '../elements/generate/element.js';
import { ClozeTokenStream } from '../elements/widgets/token-stream.js';
import type { ClozeGenerate as Declared, ElementClass } from '../elements.js';

export const ClozeGenerate: ElementClass<Declared> = Element;

define(['cloze-token-stream', ClozeTokenStream], ['cloze-generate', Element]);
