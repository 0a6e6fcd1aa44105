/** `<cloze-classify>`: a fine-tuned model puts a text, or a pair of texts, into one of its classes. */
import { html, nothing, type CSSResultGroup, type TemplateResult } from 'lit';
import { pipeline, type ClassificationResult, type TextClassificationPipeline } from '../../index.js';
import { words } from '../../words/index.js';
import { classifyWords } from '../../words/screens/classify.js';
import type { Problem } from '../controllers/problem.js';
import type { Example } from '../controllers/beginning.js';
import { ScreenController } from '../controllers/screen.js';
import type { Fact } from '../controllers/screen-parts.js';
import { count, decimal, milliseconds, percent } from '../format.js';
import { papers } from '../papers.js';
import { screenElement } from '../screen-element.js';
import { screen } from '../styles/index.js';
import { quoted } from '../styles/quoted.js';
import { renderAnswer } from '../widgets/answer.js';
import { classesOf, invitationFor } from '../widgets/invitation.js';
import { stateNumber } from '../widgets/number-setting.js';
import { apart, barTable, choice, emptyState, help, readingFacts, textBox } from '../widgets/parts.js';
import { resetSettings } from '../widgets/reset.js';
import { classifySchema, FUNCTIONS, type ClassifyState } from './schema.js';

const say = classifyWords;

/** A result of the Classify screen. */
export interface ClassifyResult extends ClassificationResult {
  readonly text: string;
  /** The second text of a pair, or the empty text. */
  readonly text_pair: string;
  readonly ms: number;
}

const EXAMPLES: readonly Example<ClassifyState>[] = [
  {
    get name() {
      return say.examples.praise;
    },
    state: { text: 'The plot is thin, but the actors carry it, and I left the cinema smiling.' },
  },
  {
    get name() {
      return say.examples.blame;
    },
    state: { text: 'We waited an hour for soup that was cold.' },
  },
  {
    get name() {
      return say.examples.irony;
    },
    state: { text: 'Oh great, another delay. Just what I needed.' },
  },
  {
    get name() {
      return say.examples.pair;
    },
    state: { text: 'Two dogs are running through a field.', text_pair: 'There are animals outdoors.' },
  },
];

/**
 * Classifies texts and pairs. Its events are those of {@link ScreenController}.
 *
 * @attr {string} text - what is classified
 * @attr {string} text-pair - the second text of a pair
 * @attr {number} top-k - how many classes are shown
 * @slot heading - in the place of the heading
 * @slot about - in the place of the explanation
 * @slot empty - where the result will be
 * @slot footer - below all
 * @csspart base - all of it
 * @csspart input - a box for text
 * @csspart label - its label
 * @csspart button - the button that runs it
 * @csspart status - what is being done
 * @csspart results - where the result stands
 * @csspart bars - a table of probabilities
 * @csspart bar - a bar in it
 * @csspart problem - what went wrong
 */
export class ClozeClassify extends screenElement<ClassifyState, TextClassificationPipeline, ClassifyResult>(
  classifySchema,
) {
  static override styles: CSSResultGroup = [screen, quoted];

  protected override readonly screen: ScreenController<ClassifyState, TextClassificationPipeline, ClassifyResult> =
    new ScreenController(
      this,
      { task: 'classify', schema: classifySchema },
      {
        examples: () => EXAMPLES,
        title: () => words.labels.classify,
        invitation: () => invitationFor('sequence-classification', say.needs, [say.offers.sst2, say.offers.mnli]),
        verb: () => say.verb,
        doing: () => say.doing,
        open: (options) => pipeline('text-classification', this.model, options),
        check: () => check(this.screen.current),
        placeOf: (code) => (['empty_input', 'input_too_long', 'token_beyond_model'].includes(code) ? 'text' : 'run'),
        perform: (pipe, signal) => perform(pipe, this.screen.current, signal),
        summary: (result) => summary(result),
        copyable: () => this.screen.result && linesOf(this.screen.result),
        facts: () => this.#facts(),
        renderAbout,
        renderInput: () => this.#renderInput(),
        renderSettings: () => this.#renderSettings(),
        renderResults: () => {
          const { text, text_pair } = this.screen.current;
          return renderAnswer(this.screen, `${text}\n${text_pair}`, this.#renderResults());
        },
      },
    );

  #facts(): readonly Fact[] {
    const { result, answerer } = this.screen;
    if (!result || !answerer) return [];
    return readingFacts(answerer, result.ms, result.tokens);
  }

  #renderInput(): TemplateResult {
    const { link, problem } = this.screen;
    const { text, text_pair } = link.current;
    return html`${textBox({
        id: 'text',
        label: say.text,
        rows: 4,
        value: text,
        problem: problem.at('text'),
        change: (typed) => link.change({ text: typed }),
      })}
      <div class="field ${text_pair === '' ? 'extra' : ''}">
        ${textBox({
          id: 'text_pair',
          label: say.pair,
          rows: 2,
          value: text_pair,
          problem: problem.at('text_pair'),
          describedBy: 'pair-about',
          change: (typed) => link.change({ text_pair: typed }),
        })}
        <p class="small muted hint" id="pair-about">${say.pairAbout}</p>
      </div>`;
  }

  #renderSettings(): TemplateResult {
    const { link } = this.screen;
    const { function_to_apply: chosen, top_k } = link.current;
    const inWords = say.settings(say.functions[chosen].name, count(top_k, 'class'));
    return html`<details>
      <summary>${words.frame.settings} <span class="muted">${inWords}</span></summary>
      <div class="inside">
        <fieldset class="field">
          <legend>${say.functions.legend}</legend>
          ${FUNCTIONS.map((one) =>
            choice({
              name: 'function_to_apply',
              label: say.functions[one].name,
              about: say.functions[one].about,
              checked: one === chosen,
              choose: () => link.change({ function_to_apply: one }),
            }),
          )}
        </fieldset>
        <div class="settings">${stateNumber(link, classifySchema, 'top_k', say.top_k)}</div>
        ${resetSettings(link, classifySchema, ['text', 'text_pair'])}
      </div>
    </details>`;
  }

  #renderResults(): TemplateResult {
    const { result, pipe } = this.screen;
    if (!result) return emptyState([...say.empty, ...classesOf(pipe?.info)]);
    const [best] = result.labels;
    return html`<div class="field">
        <p class="verdict" id="best"><bdi>${best?.label}</bdi></p>
        <p class="muted small extra" dir="auto">
          ${apart(result.text)}${result.text_pair === '' ? nothing : html` → ${apart(result.text_pair)}`}
        </p>
      </div>
      ${isRaw(result) ? renderRaw(result) : barTable({ caption: say.classes, of: say.label, rows: result.labels })}
      <p class="small muted hint">${say.functionAbout[result.function_to_apply]}</p>`;
  }
}

/** Whether the scores are no probabilities: a model that was trained to give numbers (regression) does so. */
const isRaw = ({ function_to_apply }: ClassifyResult): boolean => function_to_apply === 'none';

/** A score with its unit. */
const figure = (result: ClassifyResult, score: number): string => (isRaw(result) ? decimal(score, 3) : percent(score));

const renderRaw = (result: ClassifyResult): TemplateResult =>
  html`<table>
    <caption>
      ${say.classes}
    </caption>
    <thead>
      <tr>
        <th scope="col">${say.label}</th>
        <th scope="col">${say.number}</th>
      </tr>
    </thead>
    <tbody>
      ${result.labels.map(
        ({ label, score }) =>
          html`<tr>
            <th scope="row"><bdi>${label}</bdi></th>
            <td>${figure(result, score)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

function summary(result: ClassifyResult): string {
  const best = result.labels[0]!;
  return say.answered(best.label, figure(result, best.score), milliseconds(result.ms));
}

function check({ text }: ClassifyState): Problem | undefined {
  return text.trim() === '' ? { at: 'text', code: 'empty_input', message: say.noText } : undefined;
}

/** Classifies what is typed. */
async function perform(
  pipe: TextClassificationPipeline,
  { text, text_pair, top_k, function_to_apply }: ClassifyState,
  signal: AbortSignal,
): Promise<ClassifyResult> {
  const asked = text_pair.trim() === '' ? text : { text, text_pair };
  const how = function_to_apply === 'auto' ? {} : { function_to_apply };
  const start = performance.now();
  const result = await pipe.predict(asked, { top_k, ...how, signal, replace: true });
  return { text, text_pair: text_pair.trim(), ...result, ms: performance.now() - start };
}

const linesOf = (result: ClassifyResult): string =>
  [result.text, result.text_pair, ...result.labels.map(({ label, score }) => `${figure(result, score)}\t${label}`)]
    .filter(Boolean)
    .join('\n');

const renderAbout = (): TemplateResult => html`<p>${say.about} ${help(say.help, papers.bert)}</p>`;
