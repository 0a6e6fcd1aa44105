/** What a TypeScript program may rely on; it is compiled and not run. */
import {
  env,
  pipeline,
  type FillMaskOutput,
  type ModelInfo,
  type QuestionAnsweringOutput,
  type TaggedGroup,
  type TaggedToken,
  type TextClassificationOutput,
  type TextGenerationOutput,
} from 'cloze';
import 'cloze/elements';
import { models } from 'cloze-models';
import { readFragment } from 'cloze/screens';

/** Fails to compile unless the value is of just this type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <Wanted>() => ({ of: <Found>(_found: Found, _same: Same<Wanted, Found>): void => undefined });

declare const typed: string;
const unmask = await pipeline('fill-mask');
is<FillMaskOutput[]>().of(await unmask('The capital of France is [MASK].'), true);
is<FillMaskOutput[]>().of(await unmask(`The capital of ${typed} is <mask>.`, { top_k: 2 }), true);
is<FillMaskOutput[][]>().of(await unmask('A [MASK] and a [MASK].'), true);
is<FillMaskOutput[] | FillMaskOutput[][]>().of(await unmask(typed), true);
is<FillMaskOutput[][]>().of(await unmask(['A [MASK].', 'B [MASK].']), true);
is<string>().of((await unmask(typed, { joint: 'best-first' })).sequence, true);
// @ts-expect-error: no such option
await unmask('[MASK]', { topk: 2 });

const generate = await pipeline('text-generation', null, { dtype: 'q4' });
is<[TextGenerationOutput]>().of(await generate('Once'), true);
is<[TextGenerationOutput][]>().of(await generate(['Once', 'Twice'], { max_new_tokens: 3 }), true);
const [{ generated_text }] = await generate([{ role: 'user', content: 'Hi' }]);
is<string>().of(generated_text.at(-1).content, true);
is<string | undefined>().of(generated_text.at(-2)?.content, true);
const next = await generate([...generated_text, { role: 'user', content: 'And?' }]);
is<string>().of(next[0].generated_text.at(-1).content, true);

const answer = await pipeline('question-answering', 'a/b');
is<QuestionAnsweringOutput>().of(await answer('Who?', typed), true);
is<QuestionAnsweringOutput>().of(await answer('Who?', typed, { doc_stride: 64 }), true);
is<QuestionAnsweringOutput[]>().of(await answer('Who?', typed, { top_k: 3 }), true);
is<QuestionAnsweringOutput[][]>().of(await answer(['Who?', 'When?'], typed, { top_k: 3 }), true);
const classify = await pipeline('text-classification', 'a/b');
is<TextClassificationOutput[]>().of(await classify({ text: typed, text_pair: typed }, { top_k: null }), true);
is<TextClassificationOutput[]>().of(await classify([typed, typed]), true);
is<TextClassificationOutput[][]>().of(await classify([typed, typed], { top_k: null }), true);
const tag = await pipeline('token-classification', 'a/b');
is<TaggedToken[]>().of(await tag(typed), true);
is<TaggedGroup[]>().of(await tag(typed, { aggregation_strategy: 'simple' }), true);
is<TaggedGroup[][]>().of(await tag([typed], { aggregation_strategy: 'max' }), true);
const extract = await pipeline('feature-extraction');
is<number[][]>().of((await extract([typed], { pooling: 'mean', normalize: true })).tolist(), true);
is<number[][][]>().of((await extract(typed)).tolist(), true);
document
  .querySelector('cloze-answer')
  ?.addEventListener('cloze-result', ({ detail }) => is<number>().of(detail.null_score, true));

const element = document.querySelector('cloze-fill-mask');
element?.addEventListener('cloze-result', ({ detail }) => is<string>().of(detail.text, true));
element?.addEventListener('cloze-ready', (event) => is<ModelInfo>().of(event.detail.info, true));
element?.addEventListener('click', (event) => is<number>().of(event.clientX, true));
const made = document.createElement('cloze-generate');
made.state = { prompt: 'Once' };
is<string>().of(made.state.prompt, true);
is<TextGenerationOutput['seed'] | undefined>().of((await made.run())?.seed, true);
document.querySelector('cloze-models')?.addEventListener('cloze-use', ({ detail }) => {
  made.model = detail.choice.model;
  made.token = detail.token;
});

is<URL>().of(models.bert['model.gguf']!.url(), true);

// @ts-expect-error: no such setting
env.allowLocalModels = false;
is<number>().of(readFragment('#task=fill-mask').problems.length, true);
