/** Input: the tokens as the model gets them, what their vectors are the sum of, and the formats of what models learn. */
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { words } from '../../../words/index.js';
import { insideWords } from '../../../words/inside.js';
import { count, labelled } from '../../format.js';
import { papers } from '../../papers.js';
import { code } from '../../widgets/parts.js';
import { hueOf, type Drawing } from '../drawing/drawing.js';
import type { Pointed } from '../drawing/element.js';
import { joined, type Captioned } from '../drawing/join.js';
import { folded } from '../folded.js';
import { placesOf, renderPages } from '../pages.js';
import { readable, tokenPicker, within } from '../tokens.js';
import type { Frame, InsideView, Saved } from '../view.js';
import { compute, isOfGpt, neighbours, norm, ownFor, readsPair, vectorAt, type InputResult } from './compute.js';
import { draw } from './diagram.js';
import { diagramOf } from './formats.js';
import { FORMATS, type Format } from './schema.js';
import { equation, overview, ROWS } from './strips.js';
import { styles } from './styles.js';

const say = insideWords.input;

/** The view. */
export const input: InsideView<InputResult> = {
  words: say,
  paper: papers.bert,
  box: 'pair',
  live: true,
  styles,
  examples: [
    {
      get name() {
        return say.examples.bank;
      },
      state: { text: 'The bank of the river was steep.', token: 2, own: 'bert', format: 'mlm' },
    },
    {
      get name() {
        return say.examples.pair;
      },
      state: { text: 'It began to rain.', pair: 'She opened her umbrella.', own: 'bert', format: 'nsp' },
    },
    {
      get name() {
        return say.examples.question;
      },
      state: {
        ...{ text: 'Who opened the door?', pair: 'When the bell rang, the cook opened the door.' },
        ...{ own: 'bert', format: 'question-answering' },
      },
    },
    {
      get name() {
        return say.examples.choice;
      },
      state: {
        ...{ text: 'The cat sat by the fire because it was', pair: 'cold outside.\nmade of wood.' },
        ...{ own: 'gpt', format: 'gpt-choice' },
      },
    },
  ],
  needs: (state, chosen) => [chosen, ownFor(state.format)],
  inputs: ['own', 'format'],
  get empty() {
    return say.empty;
  },
  perform: compute,
  summary: ({ tokens, embeddings }) => say.summary(count(tokens.length, 'token'), embeddings.hidden_size),
  render(result, frame) {
    const place = within(frame.state.token, result.tokens);
    return html`<div class="input-view" data-hue=${hueOf(result.model.info.reads)}>
        ${renderTokens(result, place, frame)} ${renderVector(result, place, frame)} ${renderAll(result, place, frame)}
      </div>
      ${renderFormat(result, frame)}`;
  },
  saved,
};

function renderTokens({ tokens, names }: InputResult, chosen: number, { change }: Frame): TemplateResult {
  return html`<section class="field">
    <h4>${say.tokens}</h4>
    ${tokenPicker({ label: say.tokens, tokens, names, chosen, choose: (token) => change({ token }) })}
  </section>`;
}

const equationOf = (result: InputResult, place: number, { width }: Frame): Drawing => {
  const title = say.strips(result.names[place]!, result.embeddings.hidden_size);
  return equation(result, place, say.parts, Math.min(width, 720), title);
};

function renderVector(result: InputResult, place: number, frame: Frame): TemplateResult {
  const { tokens, names } = result;
  const name = code(names[place]!);
  const near = neighbours(result, tokens[place]!.id, frame.update);
  return html`<div class="vector">
    <section class="field">
      <h4>${say.chosen(name)}</h4>
      <cloze-drawing .drawing=${equationOf(result, place, frame)}></cloze-drawing>
      <p class="small muted">${say.colours(result.scale.toPrecision(2))}</p>
    </section>
    <section class="field">
      <h4>${say.neighbours(name)}</h4>
      ${
        typeof near === 'string'
          ? html`<p class="small muted" id="near">
              ${near === 'asked' ? say.looking : say.letGo}
              ${near === 'asked' ? nothing : html`<button type="button" @click=${frame.run}>${words.insideTab.verb}</button>`}
            </p>`
          : html`<table id="neighbours">
              <thead>
                <tr>
                  <th scope="col">${say.columns.token}</th>
                  <th scope="col" class="number">${say.cosine}</th>
                </tr>
              </thead>
              <tbody>
                ${near.map(
                  ({ token, cosine }) =>
                    html`<tr>
                      <th scope="row"><bdi class="token">${readable(token)}</bdi></th>
                      <td class="number">${cosine.toFixed(3)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>`
      }
      <p class="small muted">${say.neighboursAbout}</p>
    </section>
  </div>`;
}

function overviewOf(result: InputResult, place: number, { width }: Frame): Drawing {
  const places = placesOf(result.tokens, place);
  return overview(result, places, place, say.parts, width, say.overview(places.length));
}

function renderAll(result: InputResult, place: number, frame: Frame): TemplateResult {
  const places = placesOf(result.tokens, place);
  const choose = (token: number): void => frame.change({ token });
  const point = ({ detail }: CustomEvent<Pointed>): void => {
    const token = places[Math.floor((detail.y - ROWS.top) / ROWS.height)];
    if (token !== undefined) choose(token);
  };
  return html`<section class="field">
    <h4>${say.all}</h4>
    <p class="small muted">${say.allAbout}</p>
    ${renderPages(result.tokens, place, choose)}
    <cloze-drawing .drawing=${overviewOf(result, place, frame)} pointable @cloze-point=${point}></cloze-drawing>
    ${renderNumbers(result, places, frame)}
  </section>`;
}

function renderNumbers(result: InputResult, places: readonly number[], frame: Frame): TemplateResult {
  const { tokens, names, embeddings } = result;
  const { parts } = result;
  const { columns } = say;
  const table = (): TemplateResult => html`
    <table id="norms">
      <thead>
        <tr>
          <th scope="col" class="number">${columns.place}</th>
          <th scope="col">${columns.token}</th>
          <th scope="col" class="number">${columns.id}</th>
          <th scope="col" class="number">${columns.segment}</th>
          ${parts.map(({ part }) => html`<th scope="col" class="number">${say.lengthOf(say.parts[part])}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${places.map(
          (place) =>
            html`<tr>
              <td class="number">${place}</td>
              <th scope="row"><bdi class="token">${names[place]}</bdi></th>
              <td class="number">${tokens[place]!.id}</td>
              <td class="number">${tokens[place]!.type_id === 1 ? 'B' : 'A'}</td>
              ${parts.map(
                ({ values }) => html`<td class="number">${norm(vectorAt(values, place, embeddings)).toFixed(3)}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  `;
  return folded('norms', say.inNumbers, table, frame);
}

const diagramDrawing = ({ format }: InputResult, { state, width }: Frame): Drawing =>
  draw(diagramOf(format, state.token, say.diagram.title(say.formats[format.format])), width);

function renderFormat(result: InputResult, frame: Frame): TemplateResult {
  const { state, change } = frame;
  const { format } = result.format;
  const choose = (event: Event): void => {
    const chosen = (event.target as HTMLSelectElement).value as Format;
    change({ format: chosen, own: ownFor(chosen) });
  };
  const group = (name: 'bert' | 'gpt'): TemplateResult =>
    html`<optgroup label=${say.formats[name]}>
      ${FORMATS.filter((one) => ownFor(one) === name).map(
        (one) => html`<option value=${one} .selected=${live(one === state.format)}>${say.formats[one]}</option>`,
      )}
    </optgroup>`;
  const lacking = readsPair(format) && state.pair.trim() === '';
  return html`<section class="field" data-hue=${isOfGpt(format) ? 'gpt' : 'bert'}>
    <h4>${say.formatTitle}</h4>
    <div class="controls">
      <div class="field">
        <label for="format">${say.format}</label>
        <select id="format" @change=${choose}>
          ${group('bert')} ${group('gpt')}
        </select>
      </div>
    </div>
    <p>${say.formatAbout[format]}</p>
    ${lacking ? html`<p class="caution">${say.needsPair}</p>` : nothing}
    ${format === 'gpt-choice' ? html`<p class="small muted">${say.severalAnswers}</p>` : nothing}
    <cloze-drawing id="diagram" .drawing=${diagramDrawing(result, frame)}></cloze-drawing>
  </section>`;
}

function saved(result: InputResult, frame: Frame): Saved {
  const place = within(frame.state.token, result.tokens);
  const parts: Captioned[] = [
    { caption: labelled(result.model.name, result.names[place]!), drawing: equationOf(result, place, frame) },
    { caption: say.all, drawing: overviewOf(result, place, frame) },
    { caption: say.formats[result.format.format], drawing: diagramDrawing(result, frame) },
  ];
  const { hidden_size } = result.embeddings;
  return {
    name: 'input',
    drawing: joined(parts, say.asRead(result.names.join(' '))),
    table: {
      columns: [
        'index',
        'token',
        'id',
        'segment',
        'part',
        'norm',
        ...Array.from({ length: hidden_size }, (_, at) => `v${at}`),
      ],
      rows: rowsOf(result),
    },
  };
}

function* rowsOf(result: InputResult): Generator<(string | number)[]> {
  for (const [place, { token, id, type_id }] of result.tokens.entries())
    for (const { part, values } of result.parts) {
      const vector = vectorAt(values, place, result.embeddings);
      yield [place, token, id, type_id, part, norm(vector), ...vector];
    }
}
