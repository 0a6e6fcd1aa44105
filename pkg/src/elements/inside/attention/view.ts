/** Attention: what each token takes from each other one, in every head of every layer. */
import { html, nothing, type TemplateResult } from 'lit';
import { insideWords } from '../../../words/inside.js';
import { commas, percent } from '../../format.js';
import { papers } from '../../papers.js';
import type { Pointed } from '../drawing/element.js';
import { joined } from '../drawing/join.js';
import { hueOf, type Drawing } from '../drawing/drawing.js';
import { folded } from '../folded.js';
import { START, type InsideState } from '../schema.js';
import { sameplace, tokenPicker, within } from '../tokens.js';
import type { Frame, InsideView, Saved } from '../view.js';
import {
  compute,
  headOf,
  matrixOf,
  otherModel,
  patternOf,
  type AttentionResult,
  type Matrix,
  type Side,
} from './compute.js';
import { renderControls } from './controls.js';
import { arcs, ARC_ROWS, cellsOf, grid, MOST_LINKS, type Picture } from './draw.js';
import { ClozeHeads, type ChosenHead } from './heads.js';
import { styles } from './styles.js';

const say = insideWords.attention;

/** Rows of the table that are shown at once. */
const MOST_TARGETS = 6;

/** The view. */
export const attention: InsideView<AttentionResult> = {
  words: say,
  paper: papers.attention,
  box: 'pair',
  live: true,
  styles,
  elements: { 'cloze-heads': ClozeHeads },
  examples: [
    {
      get name() {
        return say.examples.it;
      },
      state: { ...START },
    },
    {
      get name() {
        return say.examples.tired;
      },
      state: {
        ...START,
        layer: 6,
        head: 2,
        beside: 'text',
        text2: "The animal didn't cross the street because it was too wide.",
      },
    },
    {
      get name() {
        return say.examples.both;
      },
      state: { ...START, layer: 5, head: 5, as: 'matrix', beside: 'model', model2: 'gpt' },
    },
    {
      get name() {
        return say.examples.pair;
      },
      state: { text: 'It began to rain.', pair: 'She opened her umbrella.', token: 9, layer: 5, head: 5 },
    },
  ],
  needs: (state, chosen) => (state.beside === 'model' ? [chosen, otherModel(state)] : [chosen]),
  inputs: ['own', 'layer', 'mix', 'beside', 'text2', 'model2'],
  check: ({ beside, text2 }) =>
    beside === 'text' && text2.trim() === ''
      ? { at: 'text2', code: 'empty_input', message: insideWords.frame.noText }
      : undefined,
  perform: compute,
  get empty() {
    return say.empty;
  },
  summary,
  renderControls,
  render: (sides, frame) =>
    html`${renderPicker(sides, frame)}
      <div class=${sides.length > 1 ? 'beside' : 'alone'}>
        ${sides.map((side, at) => renderSide(sides, at, side, frame))}
      </div>`,
  saved,
};

function renderPicker([first]: AttentionResult, { state, change }: Frame): TemplateResult {
  const { tokens, names } = first!;
  return html`<div class="field">
    <p class="label" id="looks">${say.looks}</p>
    ${tokenPicker({ label: say.looks, tokens, names, chosen: within(state.token, tokens), choose: (token) => change({ token }) })}
  </div>`;
}

/** The token of a side that is looked at. */
const tokenOf = (sides: AttentionResult, at: number, { token }: Readonly<InsideState>): number => {
  const [first] = sides;
  const chosen = within(token, first!.tokens);
  return at === 0 ? chosen : sameplace(first!.tokens, chosen, sides[at]!.tokens, sides[at]!.text === first!.text);
};

function pictureOf(sides: AttentionResult, at: number, frame: Frame): Picture {
  const side = sides[at]!;
  const { state, width } = frame;
  const matrix = matrixOf(side, state);
  const row = matrix.indexes.indexOf(tokenOf(sides, at, state));
  const own = sides.length > 1 && width > 880 ? (width - 40) / 2 : width;
  const title = `${headline(side, state)} ${inWords(side, matrix)}`;
  return { side, matrix, row, threshold: state.threshold, width: own, title };
}

const draw = (picture: Picture, { as }: Readonly<InsideState>): Drawing => (as === 'arcs' ? arcs : grid)(picture);

/** Pictures of long texts are only drawn anew if something in them changed. */
const drawn = new WeakMap<Side, { key: string; drawing: Drawing }>();

function drawingOf(picture: Picture, { state }: Frame): Drawing {
  const { side, row, width } = picture;
  const key = JSON.stringify([row, width, state.as, state.head, state.threshold, state.specials]);
  const before = drawn.get(side);
  if (before?.key === key) return before.drawing;
  const drawing = draw(picture, state);
  drawn.set(side, { key, drawing });
  return drawing;
}

function renderSide(sides: AttentionResult, at: number, side: Side, frame: Frame): TemplateResult {
  const { state, change } = frame;
  const picture = pictureOf(sides, at, frame);
  const { matrix, row } = picture;
  const drawing = drawingOf(picture, frame);
  const chosen = side.mix === 'head' ? headOf(state, side) : -1;
  const choose = ({ detail }: CustomEvent<ChosenHead>): void =>
    change({ layer: detail.layer + 1, head: detail.head + 1, mix: 'head' });
  const point = ({ detail: { x, y } }: CustomEvent<Pointed>): void => {
    const { left, top, cell } = cellsOf(picture);
    const hit =
      state.as === 'arcs'
        ? Math.floor((y - ARC_ROWS.top) / ARC_ROWS.height(matrix.size))
        : x < left + cell * matrix.size
          ? Math.floor((y - top) / cell)
          : -1;
    const index = matrix.indexes[hit];
    if (index === undefined) return;
    change({ token: at === 0 ? index : sameplace(side.tokens, index, sides[0]!.tokens, side.text === sides[0]!.text) });
  };
  return html`<figure data-hue=${hueOf(side.model.info.reads)} data-side=${at}>
    ${
      sides.length > 1
        ? html`<figcaption>
            <strong>${side.model.name}</strong>
            <bdi class="muted small">${side.text}</bdi>
          </figcaption>`
        : nothing
    }
    <div class="attention">
      <div class="heads">
        <p class="small muted">${say.grid(side.num_layers, side.num_heads)}</p>
        <cloze-heads .heads=${side.grid} .layer=${side.layer} .head=${chosen} @cloze-head=${choose}></cloze-heads>
        ${row < 0 ? html`<p class="small muted">${say.hidden}</p>` : renderTargets(side, matrix, row, `targets-${at}`, frame)}
      </div>
      <div class="picture">
        <p><strong>${headline(side, state)}</strong></p>
        <p class="small">${inWords(side, matrix)}</p>
        <cloze-drawing class="long" .drawing=${drawing} pointable @cloze-point=${point}></cloze-drawing>
        ${
          state.as === 'arcs' && matrix.size * matrix.size > MOST_LINKS
            ? html`<p class="small muted">${say.most(MOST_LINKS)}</p>`
            : nothing
        }
      </div>
    </div>
  </figure>`;
}

/** Which matrix it is, and what the chosen token takes the most from. */
function summary(sides: AttentionResult, { state }: Frame): string {
  const [side] = sides as [Side];
  const { indexes, values, size } = matrixOf(side, state);
  const row = indexes.indexOf(tokenOf(sides, 0, state));
  if (row < 0) return headline(side, state);
  const shares = [...values.subarray(row * size, (row + 1) * size)];
  const most = Math.max(...shares);
  const target = side.names[indexes[shares.indexOf(most)]!]!;
  return say.summary(headline(side, state), side.names[indexes[row]!]!, target, percent(most));
}

/** Which matrix it is. */
const headline = (side: Side, state: Readonly<InsideState>): string =>
  say.matrix[side.mix](side.layer + 1, headOf(state, side) + 1);

/** The pattern of a matrix in a sentence. */
function inWords(side: Side, matrix: Matrix): string {
  const { before, after, itself, special, distance } = patternOf(matrix, side.tokens);
  const ahead = side.model.info.reads === 'both' ? percent(after) : undefined;
  return say.pattern({
    itself: percent(itself),
    before: percent(before),
    after: ahead,
    special: special > 0 ? percent(special) : undefined,
    distance: distance.toFixed(1),
  });
}

/** What a token takes from the others, the most first. */
function renderTargets(
  side: Side,
  { indexes, values, size }: Matrix,
  row: number,
  key: string,
  frame: Frame,
): TemplateResult {
  const looking = side.names[indexes[row]!]!;
  const targets = indexes
    .map((index, column) => ({ index, weight: values[row * size + column]! }))
    .sort((a, b) => b.weight - a.weight || a.index - b.index);
  const table = (shown: typeof targets): TemplateResult =>
    html`<table>
      <thead>
        <tr>
          <th scope="col">${say.takesFrom}</th>
          <th scope="col" class="number">${say.place}</th>
          <th scope="col" class="number">${say.weight}</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          ({ index, weight }) =>
            html`<tr>
              <th scope="row"><bdi class="token">${side.names[index]}</bdi></th>
              <td class="number">${index}</td>
              <td class="number">${percent(weight)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  return html`<div class="field">
    <h4>${say.targets(html`<bdi class="token">${looking}</bdi>`)}</h4>
    ${table(targets.slice(0, MOST_TARGETS))}
    ${
      targets.length > MOST_TARGETS
        ? folded(key, say.allTargets(targets.length), () => table(targets.slice(MOST_TARGETS)), frame)
        : nothing
    }
  </div>`;
}

function saved(sides: AttentionResult, frame: Frame): Saved {
  const { state } = frame;
  const pictures = sides.map((_, at) => pictureOf(sides, at, frame));
  const parts = pictures.map((picture) => ({
    caption: commas(picture.side.model.name, headline(picture.side, state)),
    drawing: draw(picture, state),
  }));
  const [side] = sides as [Side];
  return {
    name: `attention-layer-${side.layer + 1}-${side.mix === 'head' ? `head-${headOf(state, side) + 1}` : side.mix}`,
    drawing: joined(parts, pictures[0]!.title, frame.width > 880 ? 'row' : 'column'),
    table: {
      columns: ['model', 'layer', 'head', 'from_index', 'from', 'to_index', 'to', 'weight'],
      rows: rowsOf(pictures, state),
    },
  };
}

function* rowsOf(pictures: readonly Picture[], state: Readonly<InsideState>): Generator<(string | number)[]> {
  for (const { side, matrix } of pictures) {
    const { indexes, values, size } = matrix;
    const head = side.mix === 'head' ? headOf(state, side) + 1 : side.mix;
    for (let cell = 0; cell < values.length; cell++) {
      const [from, to] = [indexes[Math.floor(cell / size)]!, indexes[cell % size]!];
      const names = side.tokens;
      yield [side.model.name, side.layer + 1, head, from, names[from]!.token, to, names[to]!.token, values[cell]!];
    }
  }
}
