/** The view Masking game: BERT's pre-training, played against the model. */
import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import { insideWords } from '../../../words/inside.js';
import { count, number } from '../../format.js';
import { papers } from '../../papers.js';
import { choice, textBox } from '../../widgets/parts.js';
import { MOST_SEED } from '../../state.js';
import { numberSetting } from '../../widgets/number-setting.js';
import { dataTable } from '../data-table.js';
import type { Frame, InsideView } from '../view.js';
import { lossLines, renderAnswers, tableOf } from './answers-view.js';
import { needs, play, scoreOf, sentencesOf, stageOf, type MaskingResult, type Stage } from './game.js';
import { picture, renderPieces, shownAt } from './pieces-view.js';
import { EXAMPLES } from './stories.js';
import { styles } from './styles.js';

const say = insideWords.masking;

const stageAt = ({ game }: MaskingResult, { state }: Frame): Stage => stageOf(state.stage, game.chosen.length);

export const masking: InsideView<MaskingResult> = {
  words: say,
  paper: papers.bert,
  box: 'none',
  styles,
  examples: EXAMPLES,
  get empty() {
    return say.empty;
  },
  needs: (_, chosen) => needs(chosen),
  inputs: ['seed'],
  check: ({ text }) =>
    sentencesOf(text).length < 2 ? { at: 'text', code: 'empty_input', message: say.oneSentence } : undefined,
  perform: play,
  summary(result, frame) {
    if (stageAt(result, frame).name !== 'answer') return say.summary.choose(count(result.game.chosen.length, 'token'));
    return answered(result);
  },
  renderControls,
  render(result, frame) {
    const stage = stageAt(result, frame);
    return html`<div class="game" data-hue="bert">
      ${renderStages(stage)} ${renderPieces(shownAt(result, stage))} ${renderStage(result, stage, frame)}
      ${dataTable(tableOf(result, stage), say.table)}
    </div>`;
  },
  saved(result, frame) {
    const stage = stageAt(result, frame);
    const drawing = picture(
      shownAt(result, stage),
      say.picture,
      stage.name === 'answer' ? [answered(result), ...lossLines(result)] : [],
    );
    return { name: `masking-seed-${frame.state.seed}`, drawing, table: tableOf(result, stage) };
  },
};

function answered(result: MaskingResult): string {
  const { you, model, of } = scoreOf(result);
  return say.summary.answer(say.score(number(you), number(of)), say.score(number(model), number(of)));
}

function renderControls(frame: Frame): TemplateResult {
  const { state } = frame;
  return html`<div class="controls seeded">
      ${numberSetting({
        id: 'seed',
        label: say.seed,
        about: say.seedAbout,
        value: state.seed,
        min: 0,
        max: MOST_SEED,
        step: 1,
        problem: frame.refusal('seed'),
        change: (seed) => frame.change({ seed: seed!, stage: 0 }),
        refuse: (why) => frame.refuse('seed', why),
      })}
      <button
        type="button"
        id="again"
        @click=${() => frame.change({ seed: Math.floor(Math.random() * 100_000), stage: 0 })}
      >
        ${say.again}
      </button>
    </div>
    <details>
      <summary>${say.own}</summary>
      <div class="inside">
        ${textBox({
          id: 'text',
          label: say.text,
          rows: 6,
          value: state.text,
          problem: frame.problem('text'),
          change: (text) => frame.change({ text, stage: 0 }),
          describedBy: 'text-about',
        })}
        <p class="small muted" id="text-about">${say.textAbout}</p>
      </div>
    </details>`;
}

const NAMES = ['choose', 'replace', 'guess', 'answer'] as const;

const renderStages = ({ name }: Stage): TemplateResult =>
  html`<ol class="stages" aria-label=${say.stages}>
    ${NAMES.map((one) => html`<li aria-current=${one === name ? 'step' : nothing}>${say.stageNames[one]}</li>`)}
  </ol>`;

function renderStage(result: MaskingResult, stage: Stage, frame: Frame): TemplateResult {
  const { game } = result;
  const { replaced, name } = stage;
  const chosen = game.chosen.length;
  if (chosen === 0) return html`<p>${say.noneChosen}</p>`;
  const last = game.chosen[replaced - 1];
  const deed =
    last === undefined
      ? say.chosenOf(number(chosen), count(game.tokens.filter(({ special }) => !special).length, 'token'))
      : say.replaced(number(replaced), game.input_tokens[last.index] === '[MASK]' || last.kind === 'mask');
  const left = chosen - replaced;
  return html`${
      name === 'answer'
        ? nothing
        : html`<p aria-live="polite" id="deed">
            ${deed} <span class="muted">${left > 0 ? say.toReplace(number(left)) : say.allReplaced}</span>
          </p>`
    }
    ${name === 'guess' ? renderGuesses(result, frame) : nothing} ${name === 'answer' ? renderAnswers(result) : nothing}
    <div class="row">
      <button
        type="button"
        id="back"
        ?disabled=${frame.state.stage === 0}
        @click=${(event: Event) => step(event, result, frame, -1)}
      >
        ${say.back}
      </button>
      ${
        name === 'choose' || name === 'replace'
          ? html`<button
              type="button"
              id="next"
              class="primary"
              @click=${(event: Event) => step(event, result, frame, 1)}
            >
              ${say.next}
            </button>`
          : nothing
      }
    </div>`;
}

/** Where the focus goes when the button that was pressed makes way. */
const FOCUS = { choose: '#next', replace: '#next', guess: '#guess-1', answer: '#score-title' } as const;

/** One step on, or back. */
function step({ currentTarget }: Event, result: MaskingResult, frame: Frame, by: 1 | -1): void {
  const chosen = result.game.chosen.length;
  const stage = Math.max(0, Math.min(frame.state.stage, chosen + 1) + by);
  const { name } = stageOf(stage, chosen);
  frame.change({ stage });
  if (name === 'answer') frame.announce(answered(result));
  const button = currentTarget as HTMLElement;
  const root = button.getRootNode() as ShadowRoot;
  void (root.host as LitElement).updateComplete.then(() => {
    if (!root.activeElement || root.activeElement === root.querySelector('#back:disabled'))
      root.querySelector<HTMLElement>(FOCUS[name])?.focus();
  });
}

function renderGuesses(result: MaskingResult, frame: Frame): TemplateResult {
  const { game, guesses, judges } = result;
  const submit = (event: Event): void => {
    event.preventDefault();
    step(event, result, frame, 1);
  };
  return html`<form class="guesses" aria-labelledby="guesses-title" @submit=${submit}>
    <h4 id="guesses-title">${say.yourGuesses}</h4>
    <div class="settings">
      ${game.chosen.map(
        (_, index) =>
          html`<div class="setting">
            <label for="guess-${index + 1}">${say.guessOf(number(index + 1))}</label>
            <input
              id="guess-${index + 1}"
              type="text"
              dir="auto"
              autocomplete="off"
              autocapitalize="off"
              spellcheck="false"
              aria-describedby="guess-about"
              .value=${guesses.words[index] ?? ''}
              @input=${(event: Event) => (guesses.words[index] = (event.target as HTMLInputElement).value)}
            />
          </div>`,
      )}
    </div>
    <p class="small muted" id="guess-about">${say.guessAbout}</p>
    ${
      judges
        ? html`<fieldset class="field">
            <legend>${say.follows}</legend>
            <div class="choices">
              ${[true, false].map((yes) =>
                choice({
                  name: 'follows',
                  label: yes ? say.yes : say.no,
                  checked: guesses.follows === yes,
                  choose: () => {
                    guesses.follows = yes;
                    frame.update();
                  },
                }),
              )}
            </div>
          </fieldset>`
        : nothing
    }
    <div class="row"><button type="submit" id="reveal" class="primary">${say.reveal}</button></div>
  </form>`;
}
