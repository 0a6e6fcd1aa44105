/** The view Both ways: one gap, predicted from the left, from the right, and from both. */
import { html, nothing, type TemplateResult } from 'lit';
import { insideWords } from '../../../words/inside.js';
import { labelled, number, percent } from '../../format.js';
import { papers } from '../../papers.js';
import { apart, barTable, type BarRow } from '../../widgets/parts.js';
import { dataTable } from '../data-table.js';
import { stretches, stretchPicker, type Stretch } from '../stretches.js';
import type { Frame, InsideView, Saved } from '../view.js';
import { EXAMPLES } from './examples.js';
import { picture } from './picture.js';
import {
  GAP,
  MOST,
  moveGap,
  needs,
  placeOf,
  read,
  type BothWaysResult,
  type Place,
  type Reader,
  type Reading,
} from './readers.js';
import { styles } from './styles.js';
import { words } from '../../../words/index.js';

const say = insideWords.bothWays;

/** Answers that are shown of each reader. */
const SHOWN = 5;

export const bothWays: InsideView<BothWaysResult> = {
  words: say,
  paper: papers.bert,
  box: 'text',
  styles,
  examples: EXAMPLES,
  get empty() {
    return say.empty;
  },
  needs: (_, chosen) => needs(chosen),
  inputs: [],
  check({ text }) {
    const gaps = text.split(GAP).length - 1;
    if (gaps === 1) return undefined;
    return { at: 'text', code: 'no_mask', message: gaps === 0 ? say.noMask : say.severalMasks };
  },
  perform: (asked) => read(asked, (reader) => say.reading(say.readers[reader].name)),
  summary: (result) => say.summary(bestOf(result, 'both') ?? '', bestOf(result, 'gpt')),
  renderControls,
  render(result, { state }) {
    const answer = state.answer.trim();
    return html`<p class="sentence" dir="auto">${inSentence(result.text)}</p>
      <div class="readers">${result.readings.map((reading) => renderReading(reading, answer))}</div>
      ${dataTable(tableOf(result), say.table)}`;
  },
  saved: (result) => ({
    name: 'both-ways',
    drawing: picture(result.text, result.readings.map(partOf), say.picture(result.text)),
    table: tableOf(result),
  }),
};

function renderControls(frame: Frame, result: BothWaysResult | undefined): TemplateResult {
  const { text, answer } = frame.state;
  const all = stretches(text);
  const choose = (stretch: Stretch): void => {
    if (stretch.text === GAP) return;
    // What nobody named is what the model would say.
    const filler = answer.trim() || (result?.text === text ? (bestOf(result, 'both') ?? '') : '');
    frame.change(moveGap(text, stretch, filler));
    frame.run();
  };
  const chosen = all.find((stretch) => stretch.text === GAP);
  return html`${stretchPicker({ id: 'gap', label: say.clickAWord, all, chosen, choose })}
    <div class="field answer">
      <label for="answer">${say.answer}</label>
      <input
        id="answer"
        type="text"
        dir="auto"
        autocomplete="off"
        autocapitalize="off"
        aria-describedby="answer-about"
        .value=${frame.state.answer}
        @change=${(event: Event) => frame.change({ answer: (event.target as HTMLInputElement).value })}
      />
      <p class="small muted" id="answer-about">${say.answerAbout}</p>
    </div>`;
}

/** What a reader finds likeliest. */
const bestOf = ({ readings }: BothWaysResult, reader: Reader): string | undefined =>
  readings.find((one) => one.reader === reader)?.answers[0]?.word;

/** The text with its gap set apart. */
function inSentence(text: string): TemplateResult {
  const [before, after] = text.split(GAP);
  return html`${before}<mark class="gap">${GAP}</mark>${after}`;
}

const hueOf = (reader: Reader): string => (reader === 'gpt' ? 'gpt' : 'bert');

function renderReading({ reader, sees, answers }: Reading, word: string): TemplateResult {
  const asked = word === '' ? undefined : placeOf(word, answers);
  const { name, about } = say.readers[reader];
  const shown = answers.slice(0, SHOWN);
  const rows: BarRow[] = shown.map(({ word: answer, probability }, index) => ({
    label: index + 1 === asked?.rank ? html`<strong>${answer}</strong>` : answer,
    score: probability,
  }));
  const seen =
    reader === 'pasted' || sees === ''
      ? html`<span class="muted">${reader === 'pasted' ? say.noText : say.nothing}</span>`
      : seenBy(reader, sees);
  return html`<section class="reader ${reader}" data-hue=${hueOf(reader)}>
    <h4>${name} <span class="muted">${about}</span></h4>
    <p class="small sees">${labelled(say.sees, '')}${seen}</p>
    ${rows.length > 0 ? barTable({ caption: html`<span class="hidden-text">${name}</span>`, of: say.word, rows }) : nothing}
    ${asked && rows.length > 0 ? html`<p class="small">${apart(say.answerRow(asked.word))}${words.frame.marks.colon}${askedIn(asked)}</p>` : nothing}
  </section>`;
}

/** What a reader sees, with a mark where the gap is. */
function seenBy(reader: Reader, sees: string): TemplateResult {
  const gap = html`<span class="gap">?</span>`;
  if (reader === 'both') return html`<bdi>${inSentence(sees)}</bdi>`;
  return reader === 'right' ? html`<bdi>${gap} ${sees}</bdi>` : html`<bdi>${sees} ${gap}</bdi>`;
}

const askedIn = ({ probability, rank }: Place): string =>
  rank === 0 ? say.notAmong(number(MOST)) : say.answerIs(percent(probability), number(rank));

const partOf = ({ reader, sees, answers }: Reading) => ({
  reader,
  name: `${say.readers[reader].name} (${say.readers[reader].about})`,
  sees: reader !== 'pasted' && sees === '' ? say.nothing : sees,
  answers: answers.slice(0, SHOWN),
});

const tableOf = ({ readings }: BothWaysResult): Saved['table'] => ({
  columns: say.columns,
  rows: readings.flatMap(({ reader, answers }) =>
    answers
      .slice(0, 20)
      .map(({ word, probability }, index) => [say.readers[reader].name, index + 1, word, probability]),
  ),
});
