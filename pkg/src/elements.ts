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
import { ClozeFillMask } from './elements/fill-mask.js';
import { ClozeGenerate } from './elements/generate.js';
import { ClozeHelp } from './elements/help.js';
import { ClozeKeptModels } from './elements/kept-models.js';
import { ClozeModels } from './elements/models.js';
import { ClozeNextSentence } from './elements/next-sentence.js';
import { ClozeSummarize } from './elements/summarize.js';
import { ClozeTokenStream } from './elements/token-stream.js';

export { ClozeElement, type AnyPipeline, type Example, type Problem } from './elements/base.js';
export { ClozeFillMask, type FillMaskResult, type FillMaskState, type MaskTable } from './elements/fill-mask.js';
export { ClozeGenerate, type GenerateResult, type GenerateState } from './elements/generate.js';
export { ClozeKeptModels } from './elements/kept-models.js';
export { type ModelChoice, type ScreenTask } from './elements/model-choice.js';
export { ClozeModels, type ModelsState, type ModelUse } from './elements/models.js';
export {
  ClozeNextSentence,
  type Judged,
  type NextSentenceResult,
  type NextSentenceState,
} from './elements/next-sentence.js';
export { ClozeSummarize, type SummarizeResult, type SummarizeState } from './elements/summarize.js';
export { tokens, tokensText } from './elements/tokens.css.js';

const elements = {
  'cloze-help': ClozeHelp,
  'cloze-token-stream': ClozeTokenStream,
  'cloze-fill-mask': ClozeFillMask,
  'cloze-next-sentence': ClozeNextSentence,
  'cloze-generate': ClozeGenerate,
  'cloze-summarize': ClozeSummarize,
  'cloze-kept-models': ClozeKeptModels,
  'cloze-models': ClozeModels,
};

// Two copies of the package on one page: the first one stays.
for (const [name, element] of Object.entries(elements)) {
  if (!customElements.get(name)) customElements.define(name, element);
}
