/** `<cloze-tag>`: a fine-tuned model marks names, and other classes of words, in a text. */
import { html, type CSSResultGroup, type TemplateResult } from 'lit';
import { pipeline, type TaggedGroup, type TaggedToken, type TokenClassificationPipeline } from '../../index.js';
import { STRATEGIES } from '../../page/tasks/strategies.js';
import { words } from '../../words/index.js';
import { tagWords } from '../../words/screens/tag.js';
import type { Problem } from '../controllers/problem.js';
import type { Example } from '../controllers/beginning.js';
import { ScreenController } from '../controllers/screen.js';
import type { Fact } from '../controllers/screen-parts.js';
import { count, labelled, milliseconds, percent } from '../format.js';
import { papers } from '../papers.js';
import { screenElement } from '../screen-element.js';
import { screen } from '../styles/index.js';
import { quoted } from '../styles/quoted.js';
import { renderAnswer } from '../widgets/answer.js';
import { classesOf, invitationFor } from '../widgets/invitation.js';
import { passage } from '../widgets/passage.js';
import { apart, choice, emptyState, help, measured, modelFacts, textBox } from '../widgets/parts.js';
import { resetSettings } from '../widgets/reset.js';
import { tagSchema, type TagState } from './schema.js';

const say = tagWords;

/** A result of the Tag screen. */
export interface TagResult {
  readonly text: string;
  /** In the order of the text. */
  readonly entities: readonly (TaggedToken | TaggedGroup)[];
  readonly ms: number;
}

const EXAMPLES: readonly Example<TagState>[] = [
  {
    get name() {
      return say.examples.letter;
    },
    state: {
      text: 'In 1843 Ada Lovelace wrote to Charles Babbage from London about the engine that he hoped to build for the British government.',
    },
  },
  {
    get name() {
      return say.examples.match;
    },
    state: { text: 'Steffi Graf beat Martina Navratilova in the final at Wimbledon and flew home to Germany.' },
  },
  {
    get name() {
      return say.examples.company;
    },
    state: {
      text: 'Nokia of Espoo, Finland, made paper and rubber boots before Jorma Ollila turned it to telephones.',
    },
  },
];

/**
 * Marks names in texts. Its events are those of {@link ScreenController}.
 *
 * @attr {string} text - where names are marked
 * @attr {string} aggregation-strategy - how tokens become names
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
export class ClozeTag extends screenElement<TagState, TokenClassificationPipeline, TagResult>(tagSchema) {
  static override styles: CSSResultGroup = [screen, quoted];

  protected override readonly screen: ScreenController<TagState, TokenClassificationPipeline, TagResult> =
    new ScreenController(
      this,
      { task: 'tag', schema: tagSchema },
      {
        examples: () => EXAMPLES,
        title: () => words.labels.tag,
        invitation: () => invitationFor('token-classification', say.needs, [say.offers.base, say.offers.distil]),
        verb: () => say.verb,
        doing: () => say.doing,
        open: (options) => pipeline('token-classification', this.model, options),
        check: () => check(this.screen.current),
        placeOf: (code) => (['empty_input', 'input_too_long', 'token_beyond_model'].includes(code) ? 'text' : 'run'),
        perform: (pipe, signal) => this.#perform(pipe, signal),
        summary: ({ entities, ms }) =>
          entities.length > 0 ? say.found(count(entities.length, 'entity'), milliseconds(ms)) : say.noneFound,
        copyable: () => this.screen.result && linesOf(this.screen.result),
        facts: () => this.#facts(),
        renderAbout,
        renderInput: () => this.#renderInput(),
        renderSettings: () => this.#renderSettings(),
        renderResults: () => renderAnswer(this.screen, this.screen.current.text, this.#renderResults()),
      },
    );

  async #perform(pipe: TokenClassificationPipeline, signal: AbortSignal): Promise<TagResult> {
    const { text, aggregation_strategy } = this.screen.current;
    const on_window = ({ index, windows }: { index: number; windows: number }): void => {
      if (windows > 1) this.screen.announce(say.window(index + 1, windows));
    };
    const start = performance.now();
    const entities = await pipe(text, { aggregation_strategy, signal, replace: true, on_window });
    return { text, entities, ms: performance.now() - start };
  }

  #facts(): readonly Fact[] {
    const { result, answerer } = this.screen;
    if (!result || !answerer) return [];
    return [[words.frame.facts.time, milliseconds(result.ms)], ...modelFacts(answerer.info, answerer.runtime)];
  }

  #renderInput(): TemplateResult {
    const { link, problem } = this.screen;
    return textBox({
      id: 'text',
      label: say.text,
      rows: 6,
      value: link.current.text,
      problem: problem.at('text'),
      change: (text) => link.change({ text }),
    });
  }

  #renderSettings(): TemplateResult {
    const { link } = this.screen;
    const chosen = link.current.aggregation_strategy;
    const choose = (aggregation_strategy: TagState['aggregation_strategy']): void => {
      link.change({ aggregation_strategy });
      if (this.screen.result) void this.run();
    };
    return html`<details>
      <summary>
        ${words.frame.settings}
        <span class="muted">${labelled(say.strategies.legend, say.strategies[chosen].name)}</span>
      </summary>
      <div class="inside">
        <fieldset class="field">
          <legend>${say.strategies.legend} ${help(say.strategies.help, papers.conll)}</legend>
          ${STRATEGIES.map((one) =>
            choice({
              name: 'aggregation_strategy',
              label: say.strategies[one].name,
              about: say.strategies[one].about,
              checked: one === chosen,
              choose: () => choose(one),
            }),
          )}
        </fieldset>
        ${resetSettings(link, tagSchema, ['text'])}
      </div>
    </details>`;
  }

  #renderResults(): TemplateResult {
    const { result, pipe } = this.screen;
    if (!result) return emptyState([...say.empty, ...classesOf(pipe?.info)]);
    const marks = result.entities.map((one) => ({ start: one.start, end: one.end, note: classOf(one) }));
    return html`<div class="field">
        <h4>${say.inTheText}</h4>
        ${passage(result.text, marks, say.inTheText)}
      </div>
      ${result.entities.length > 0 ? renderList(result) : html`<p class="muted">${say.noneFound}</p>`}`;
  }
}

/** The class of a token or of a group. */
const classOf = (one: TaggedToken | TaggedGroup): string => ('entity' in one ? one.entity : one.entity_group);

/** A token as the vocabulary has it, a group as it stands in the text. */
const phraseOf = (one: TaggedToken | TaggedGroup, text: string): string =>
  'entity' in one ? one.word : text.slice(one.start, one.end);

const renderList = ({ text, entities }: TagResult): TemplateResult =>
  html`<table>
      <caption>
        ${say.list}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say.entity}</th>
          <th scope="col">${say.label}</th>
          <th scope="col" class="probability">${words.frame.probability}</th>
        </tr>
      </thead>
      <tbody>
        ${entities.map(
          (one) =>
            html`<tr>
              <th scope="row">
                <span class="phrase">${apart(phraseOf(one, text))}</span>
                <span class="small muted place">${say.place(one.start, one.end)}</span>
              </th>
              <td><bdi>${classOf(one)}</bdi></td>
              <td class="probability">${measured(one.score)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="small muted hint">${say.offsets}</p>`;

function check({ text }: TagState): Problem | undefined {
  return text.trim() === '' ? { at: 'text', code: 'empty_input', message: say.noText } : undefined;
}

const linesOf = ({ text, entities }: TagResult): string =>
  [
    text,
    ...entities.map((one) => [percent(one.score), classOf(one), one.word, `${one.start}–${one.end}`].join('\t')),
  ].join('\n');

const renderAbout = (): TemplateResult => html`<p>${say.about} ${help(say.help, papers.conll)}</p>`;
