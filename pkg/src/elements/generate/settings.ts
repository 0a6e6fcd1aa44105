/** The settings of the Generate screen: how tokens are taken, in both views. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ModelInfo } from '../../index.js';
import { generateWords } from '../../words/screens/generate.js';
import type { LinkController } from '../controllers/link.js';
import { papers, type Paper } from '../papers.js';
import { stateNumber, type NumberKey } from '../widgets/number-setting.js';
import { code, help } from '../widgets/parts.js';
import { resetSettings } from '../widgets/reset.js';
import { seedSetting } from '../widgets/seed-setting.js';
import { generateSchema, type GenerateState, type Manner } from './schema.js';
import { commas } from '../format.js';

const say = generateWords.settings;

/** What is no setting. */
const TYPED = ['mode', 'message', 'said', 'prompt', 'kept'] as const;

/**
 * The settings, which are folded away and come after the first paint; `own` are those of the view, and `suits` what it begins with, which the files of the model that `info` tells of
 * may say.
 */
export function renderSettings(
  link: LinkController<GenerateState>,
  suits: Manner,
  info: ModelInfo | undefined,
  own: TemplateResult | undefined,
): TemplateResult {
  return html`${renderSource(info)}
    <fieldset class="field">
      <legend>${say.howTaken}</legend>
      <div class="choices">
        ${renderSampling(link, true, say.sampling, say.samplingAbout)}
        ${renderSampling(link, false, say.greedy, say.greedyAbout)}
      </div>
    </fieldset>
    ${own ?? nothing}
    <div class="settings">${renderNumbers(link)} ${renderStops(link)}</div>
    ${resetSettings(link, generateSchema, TYPED, suits)}`;
}

/** Where the settings come from that stand there at first. */
function renderSource(info: ModelInfo | undefined): TemplateResult | typeof nothing {
  const { source, options = {}, ignored = [] } = info?.generation ?? {};
  if (!source) return nothing;
  const some = Object.keys(options).length > 0 ? say.fromFiles(source === 'GGUF' ? say.ggufFile : source) : '';
  const others = ignored.length > 0 ? say.notFollowed(commas(...ignored)) : '';
  return some || others ? html`<p class="small muted" id="settings-source">${some} ${others}</p>` : nothing;
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

/** A number that can be set: where it is explained, and whether it counts only where tokens are drawn by chance. */
interface NumberRow {
  readonly key: Exclude<NumberKey<GenerateState>, 'seed'> & keyof typeof say;
  readonly paper?: Paper;
  readonly drawn?: true;
}

/** The numbers, as they stand on the screen. */
const NUMBERS: readonly NumberRow[] = [
  { key: 'max_new_tokens' },
  { key: 'temperature', drawn: true },
  { key: 'top_k', paper: papers.topK, drawn: true },
  { key: 'top_p', paper: papers.nucleus, drawn: true },
  { key: 'min_p', paper: papers.minP, drawn: true },
  { key: 'repetition_penalty', paper: papers.repetition },
  { key: 'no_repeat_ngram_size' },
];

function renderNumbers(link: LinkController<GenerateState>): TemplateResult {
  const greedy = !link.current.do_sample;
  const rows = NUMBERS.map(({ key, paper, drawn = false }) => {
    const { label, about, help: more }: Explained = say[key];
    const whole = more && paper ? html`${about} ${help(more, paper)}` : about;
    return stateNumber(link, generateSchema, key, { label, about: whole, disabled: drawn && greedy });
  });
  return html`${rows} ${seedSetting(link, greedy)}`;
}

/** The words of a number. */
interface Explained {
  readonly label: string;
  readonly about: string;
  readonly help?: { readonly term: string; readonly text: string };
}

const renderStops = (link: LinkController<GenerateState>): TemplateResult =>
  html`<div class="setting wide">
    <label for="stop-strings">${say.stop}</label>
    <textarea
      id="stop-strings"
      dir="auto"
      class="stops"
      rows="2"
      spellcheck="false"
      .value=${link.current.stop}
      aria-describedby="stop-strings-about"
      @input=${(event: Event) => link.change({ stop: (event.target as HTMLTextAreaElement).value })}
    ></textarea>
    <p class="small muted" id="stop-strings-about">${say.stopAbout(code)}</p>
  </div>`;
