/**
 * The screens as custom elements, each complete in itself and usable on any page:
 *
 * ```html
 * <script type="module">import 'cloze/elements';</script>
 * <cloze-fill-mask></cloze-fill-mask>
 * ```
 *
 * @module
 */
import { ClozeFillMask } from './elements/fill-mask/element.js';
import { ClozeGenerate } from './elements/generate/element.js';
import { ClozeKeptModels } from './elements/models/kept-models.js';
import { ClozeModels } from './elements/models/element.js';
import { ClozeNextSentence } from './elements/next-sentence/element.js';
import { SCREENS, type Task } from './elements/screens.js';
import { ClozeSummarize } from './elements/summarize/element.js';
import { ClozeHelp } from './elements/widgets/help.js';
import { ClozeTokenStream } from './elements/widgets/token-stream.js';

export type { Problem } from './elements/controllers/problem.js';
export type { AnyPipeline, Example, ModelOffer } from './elements/controllers/screen.js';
export { ClozeFillMask } from './elements/fill-mask/element.js';
export type { FillMaskResult, MaskTable } from './elements/fill-mask/result.js';
export type { FillMaskState } from './elements/fill-mask/schema.js';
export { ClozeGenerate } from './elements/generate/element.js';
export type { GenerateState } from './elements/generate/schema.js';
export type { GenerateResult } from './elements/generate/view.js';
export { ClozeModels, type ModelUse } from './elements/models/element.js';
export { ClozeKeptModels } from './elements/models/kept-models.js';
export type { ModelChoice } from './elements/models/model-choice.js';
export type { ModelsState } from './elements/models/schema.js';
export { ClozeNextSentence } from './elements/next-sentence/element.js';
export type { Judged, NextSentenceResult } from './elements/next-sentence/result.js';
export type { NextSentenceState } from './elements/next-sentence/schema.js';
export type { ScreenTask } from './elements/screens.js';
export { tokens, tokensText } from './elements/styles/tokens.js';
export { ClozeSummarize, type SummarizeResult } from './elements/summarize/element.js';
export type { SummarizeState } from './elements/summarize/schema.js';

/** The element of each screen. */
const screens: Record<Task, CustomElementConstructor> = {
  'fill-mask': ClozeFillMask,
  'next-sentence': ClozeNextSentence,
  generate: ClozeGenerate,
  summarize: ClozeSummarize,
  models: ClozeModels,
};

const elements: readonly (readonly [string, CustomElementConstructor])[] = [
  ['cloze-help', ClozeHelp],
  ['cloze-token-stream', ClozeTokenStream],
  ['cloze-kept-models', ClozeKeptModels],
  ...SCREENS.map(({ task, tag }) => [tag, screens[task]] as const),
];

// Two copies of the package on one page: the first one stays.
for (const [name, element] of elements) {
  if (!customElements.get(name)) customElements.define(name, element);
}
