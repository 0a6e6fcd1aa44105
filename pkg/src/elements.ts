/**
 * The four screens as custom elements, each complete in itself and usable on any page:
 *
 * ```html
 * <script type="module">import 'cloze/elements';</script>
 * <cloze-fill-mask></cloze-fill-mask>
 * ```
 *
 * @module
 */
export { ClozeElement, type AnyPipeline, type Example, type Problem } from './elements/base.js';
export { ClozeFillMask, type FillMaskResult, type FillMaskState, type MaskTable } from './elements/fill-mask.js';
export { ClozeGenerate, type GenerateResult, type GenerateState } from './elements/generate.js';
export { ClozeNextSentence, type Judged, type NextSentenceResult, type NextSentenceState } from './elements/next-sentence.js';
export { ClozeSummarize, type SummarizeResult, type SummarizeState } from './elements/summarize.js';
export { tokens, tokensText } from './elements/tokens.css.js';
