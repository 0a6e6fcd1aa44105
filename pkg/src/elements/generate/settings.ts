/** The settings of the Generate screen: how tokens are taken, in both views. */
import { html, nothing, type TemplateResult } from 'lit';
import { words } from '../../words/index.js';
import type { LinkController } from '../controllers/link.js';
import { papers, type Paper } from '../papers.js';
import { stateNumber } from '../widgets/number-setting.js';
import { code, help } from '../widgets/parts.js';
import { seedSetting } from '../widgets/written.js';
import { generateSchema, type GenerateState } from './schema.js';

const say = words.generate.settings;

/** The settings, folded away; `own` are those of the view. */
export function renderSettings(link: LinkController<GenerateState>, own: TemplateResult | undefined): TemplateResult {
  return html`<details>
    <summary>${words.frame.settings} <span class="muted">${inWords(link.current)}</span></summary>
    <div class="inside">
      <fieldset class="field">
        <legend>${say.howTaken}</legend>
        <div class="choices">
          ${renderSampling(link, true, say.sampling, say.samplingAbout)}
          ${renderSampling(link, false, say.greedy, say.greedyAbout)}
        </div>
      </fieldset>
      ${own ?? nothing}
      <div class="settings">${renderNumbers(link)} ${renderStops(link)}</div>
    </div>
  </details>`;
}

const renderSampling = (
  link: LinkController<GenerateState>,
  do_sample: boolean,
  name: string,
  about: string,
): TemplateResult =>
  html`<label class="choice">
    <input
      type="radio"
      name="sampling"
      .checked=${link.current.do_sample === do_sample}
      @change=${() => link.change({ do_sample })}
    />
    ${name} <span class="small muted">${about}</span>
  </label>`;

function renderNumbers(link: LinkController<GenerateState>): TemplateResult {
  const greedy = !link.current.do_sample;
  const number = (key: keyof typeof plain, disabled = false): TemplateResult =>
    stateNumber(link, generateSchema, key, { ...plain[key], disabled });
  const explained = (key: keyof typeof withHelp, paper: Paper, disabled = false): TemplateResult => {
    const { label, about, help: explanation } = withHelp[key];
    const whole = html`${about} ${help(explanation, paper)}`;
    return stateNumber(link, generateSchema, key, { label, about: whole, disabled });
  };
  return html`${number('max_new_tokens')} ${number('temperature', greedy)} ${explained('top_k', papers.topK, greedy)}
  ${explained('top_p', papers.nucleus, greedy)} ${explained('min_p', papers.minP, greedy)}
  ${explained('repetition_penalty', papers.repetition)} ${number('no_repeat_ngram_size')} ${seedSetting(link, greedy)}`;
}

const { max_new_tokens, temperature, no_repeat_ngram_size } = say;
const plain = { max_new_tokens, temperature, no_repeat_ngram_size };
const { top_k, top_p, min_p, repetition_penalty } = say;
const withHelp = { top_k, top_p, min_p, repetition_penalty };

const renderStops = (link: LinkController<GenerateState>): TemplateResult =>
  html`<div class="setting wide">
    <label for="stop-strings">${say.stop}</label>
    <textarea
      id="stop-strings"
      class="stops"
      rows="2"
      spellcheck="false"
      .value=${link.current.stop}
      aria-describedby="stop-strings-about"
      @input=${(event: Event) => link.change({ stop: (event.target as HTMLTextAreaElement).value })}
    ></textarea>
    <p class="small muted" id="stop-strings-about">${say.stopAbout(code)}</p>
  </div>`;

function inWords({ do_sample, temperature: heat, max_new_tokens: tokens, seed }: GenerateState): string {
  if (!do_sample) return say.greedily(tokens);
  return seed === null ? say.sampled(heat, tokens) : say.sampledWithSeed(heat, tokens, seed);
}
