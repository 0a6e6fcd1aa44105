/**
 * `cloze/elements/models`: `<cloze-models>` without the other elements.
 *
 * @module
 */
import { define } from '../elements/define.js';
import { ClozeModels as Element } from '../elements/models/element.js';
import { ClozeKeptModels } from '../elements/models/kept-models.js';
import type { ClozeModels as Declared, ElementClass } from '../elements.js';

export const ClozeModels: ElementClass<Declared> = Element;

define(['cloze-kept-models', ClozeKeptModels], ['cloze-models', Element]);
