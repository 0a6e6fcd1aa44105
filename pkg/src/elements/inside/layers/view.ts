/** Layer by layer: what the model would say if it ended after each layer (the logit lens). */
import { html, nothing, type TemplateResult } from 'lit';
import { insideWords } from '../../../words/inside.js';
import { percent } from '../../format.js';
import { papers } from '../../papers.js';
import { rovingTarget } from '../../widgets/roving.js';
import { barTable, code } from '../../widgets/parts.js';
import { hueOf } from '../drawing/drawing.js';
import { shadeOf } from '../drawing/shade.js';
import { placesOf, renderPages } from '../pages.js';
import type { InsideState } from '../schema.js';
import { readable, within } from '../tokens.js';
import type { Frame, InsideView, Saved } from '../view.js';
import { compute, finalAt, guessesAt, type LayersResult } from './compute.js';
import { table } from './draw.js';
import { styles } from './styles.js';
import { words } from '../../../words/index.js';

const say = insideWords.layers;

/** The view. */
export const layers: InsideView<LayersResult> = {
  words: say,
  paper: papers.logitLens,
  box: 'pair',
  live: true,
  styles,
  examples: [
    {
      get name() {
        return say.examples.greener;
      },
      state: { text: 'The grass is always greener on the other [MASK].', own: 'bert', token: 10 },
    },
    {
      get name() {
        return say.examples.keys;
      },
      state: { text: 'The keys to the old house [MASK] lost.', own: 'bert', token: 7 },
    },
    {
      get name() {
        return say.examples.once;
      },
      state: { text: 'Once upon a time there was a king who had three', own: 'gpt', token: 3 },
    },
  ],
  needs: (_, chosen) => [chosen],
  inputs: ['own'],
  get empty() {
    return say.empty;
  },
  perform: (asked) => compute(asked, say.progress),
  summary: (result, { state }) => answerAt(result, within(state.token, result.tokens)),
  render: (result, frame) => {
    const { state, change } = frame;
    const place = within(state.token, result.tokens);
    return html`<div data-hue=${hueOf(result.model.info.reads)} class="layers">
      <p class="small">${result.model.info.reads === 'both' ? say.both : say.leftToRight}</p>
      ${renderPages(result.tokens, place, (token) => change({ token }))}
      <div class="lens-and-details">${renderTable(result, place, frame)} ${renderDetails(result, place, state)}</div>
    </div>`;
  },
  saved,
};

/** The layer whose details are shown. */
const depthOf = ({ depth }: Readonly<InsideState>, { lens }: LayersResult): number => Math.min(depth, lens.num_layers);

/** What the columns are called. */
const headsOf = ({ lens }: LayersResult): string[] =>
  Array.from({ length: lens.num_layers + 1 }, (_, layer) => (layer === 0 ? say.input : say.layer(layer)));

function renderTable(result: LayersResult, chosen: number, { state, change }: Frame): TemplateResult {
  const heads = headsOf(result);
  const depth = depthOf(state, result);
  const hue = hueOf(result.model.info.reads);
  const cell = (place: number, layer: number): TemplateResult => {
    const share = finalAt(result, layer, place);
    const [best] = guessesAt(result, layer, place);
    const here = place === chosen && layer === depth;
    const first = result.lens.first_layer[place] === layer;
    return html`<td ${shadeOf(hue, share)} class=${first ? 'first' : nothing}>
      <button
        type="button"
        tabindex=${here ? 0 : -1}
        aria-pressed=${here ? 'true' : 'false'}
        @click=${() => change({ token: place, depth: layer })}
        @focus=${() => here || change({ token: place, depth: layer })}
      >
        <bdi>${readable(best!.token)}</bdi
        ><span class="hidden-text"> ${percent(share)}${first ? `, ${say.leads}` : nothing}</span>
      </button>
    </td>`;
  };
  return html`<div class="scrolls lens" tabindex="-1">
    <table @keydown=${onKey}>
      <caption class="hidden-text">
        ${say.caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say.token}</th>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${placesOf(result.tokens, chosen).map(
          (place) =>
            html`<tr>
              <th scope="row"><bdi class="token">${result.names[place]}</bdi></th>
              ${heads.map((_, layer) => cell(place, layer))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Arrow keys move in rows and columns. */
function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll('button')];
  const at = buttons.indexOf((event.target as HTMLElement).closest('button')!);
  if (at < 0) return;
  const columns = (event.target as HTMLElement).closest('tr')!.querySelectorAll('button').length;
  const vertical = { ArrowUp: at - columns, ArrowDown: at + columns }[event.key];
  const row = at - (at % columns);
  const inRow = rovingTarget(event.key, at - row, columns);
  const target = vertical ?? (inRow === null ? -1 : row + inRow);
  if (!buttons[target]) return;
  event.preventDefault();
  buttons[target].focus();
}

/** The answer at a place, and when it came. */
function answerAt(result: LayersResult, place: number): string {
  const { lens, names } = result;
  const [best] = guessesAt(result, lens.num_layers, place);
  const when = say.firstAt(lens.first_layer[place]!);
  return say.answer(names[place]!, readable(best!.token), percent(best!.probability), when);
}

function renderDetails(result: LayersResult, place: number, state: Readonly<InsideState>): TemplateResult {
  const depth = depthOf(state, result);
  const [answer] = guessesAt(result, result.lens.num_layers, place);
  const rows = guessesAt(result, depth, place).map(({ token, probability }) => ({
    label: readable(token),
    score: probability,
    chosen: token === answer!.token,
  }));
  const after = depth === 0 ? say.ofInput : say.afterLayer(depth);
  return html`<div class="field details">
    ${barTable({ caption: html`${after}${words.frame.marks.comma}${say.at(code(result.names[place]!))}`, of: say.guess, rows })}
    <p class="small">
      ${answerAt(result, place)}${words.frame.marks.between}${say.here(percent(finalAt(result, depth, place)))}
    </p>
  </div>`;
}

function saved(result: LayersResult, { state }: Frame): Saved {
  const place = within(state.token, result.tokens);
  return {
    name: 'layer-by-layer',
    drawing: table(result, placesOf(result.tokens, place), headsOf(result), say.caption),
    table: {
      columns: ['index', 'token', 'layer', 'rank', 'guess', 'probability', 'final_probability', 'first_layer'],
      rows: rowsOf(result),
    },
  };
}

function* rowsOf(result: LayersResult): Generator<(string | number)[]> {
  const { lens, tokens } = result;
  for (const [place, { token }] of tokens.entries())
    for (let layer = 0; layer <= lens.num_layers; layer++)
      for (const [rank, guess] of guessesAt(result, layer, place).entries())
        yield [
          ...[place, token, layer, rank + 1, guess.token, guess.probability],
          ...[finalAt(result, layer, place), lens.first_layer[place]!],
        ];
}
