/** The tokenizer that the run learnt from its text: its first tokens, and a sentence cut. */
import { html, nothing, type TemplateResult } from 'lit';
import { live as liveValue } from 'lit/directives/live.js';
import type { TextToken } from '../../../training/core-types.js';
import type { Run } from '../../../training/types.js';
import { trainWords } from '../../../words/train.js';
import { count } from '../../format.js';
import { face } from '../../token-bytes.js';
import { readable } from '../../inside/tokens.js';
import type { LiveRun } from '../runs.js';
import { Asking, Fold, type Desk, type Part } from './desk.js';

const say = trainWords.run.vocabulary;

/** So many tokens of each kind are listed. */
const MOST = 40;

/** Tokens in the order in which they were learnt: those of one letter or byte, and those that were put together. */
export function ordered(tokenizer: string): { single: string[]; learnt: string[]; byteLevel: boolean } {
  const {
    model,
    decoder,
    added_tokens = [],
  } = JSON.parse(tokenizer) as {
    model: { vocab: Record<string, number> };
    decoder?: { type?: string } | null;
    added_tokens?: { content: string; id: number }[];
  };
  const ids = new Map(Object.entries(model.vocab));
  for (const { content, id } of added_tokens) ids.set(content, id);
  const tokens = [...ids].sort((a, b) => a[1] - b[1]).map(([token]) => token);
  const special = new Set(added_tokens.map(({ content }) => content));
  const isSingle = (token: string): boolean => special.has(token) || [...token.replace(/^##/u, '')].length === 1;
  return {
    single: tokens.filter(isSingle),
    learnt: tokens.filter((token) => !isSingle(token)),
    byteLevel: decoder?.type === 'ByteLevel',
  };
}

/** The tokenizer. */
export class VocabularyPart implements Part {
  sentence = '';
  #run: Run | undefined;
  #tokens: ReturnType<typeof ordered> | undefined;
  #cut: readonly TextToken[] = [];
  #cutOf = '';
  readonly #asking = new Asking();

  readonly #fold: Fold;

  constructor(private readonly desk: Desk) {
    this.#fold = new Fold(desk.host);
  }

  render({ run }: LiveRun): TemplateResult {
    if (this.#fold.open) this.#follow(run);
    return this.#fold.render(say.title, say.about(count(run.info.vocab_size, 'token')), () => this.#renderOpen());
  }

  #renderOpen(): TemplateResult {
    const { single = [], learnt = [], byteLevel = false } = this.#tokens ?? {};
    const list = (title: string, tokens: readonly string[]): TemplateResult | typeof nothing =>
      tokens.length === 0
        ? nothing
        : html`<div class="field">
            <p class="label">${title}</p>
            <ol class="tokens">
              ${tokens.map((token) => html`<li><bdi>${readable(face(token, byteLevel))}</bdi></li>`)}
            </ol>
          </div>`;
    return html`<div class="field">
        <label for="sentence">${say.text}</label>
        <input
          type="text"
          id="sentence"
          dir="auto"
          .value=${liveValue(this.sentence)}
          @input=${(event: Event) => {
            this.sentence = (event.target as HTMLInputElement).value;
            this.desk.host.requestUpdate();
          }}
        />
      </div>
      <div class="field">
        <p class="label">${say.sentence}</p>
        <ol class="tokens">
          ${this.#cut.map(({ token, id }) => html`<li><bdi>${readable(face(token, byteLevel))}</bdi><small>${id}</small></li>`)}
        </ol>
        <p class="small muted">
          ${say.count(count(this.#cut.length, 'token'), count([...this.#cutOf].length, 'character'))}
        </p>
      </div>
      ${list(say.learnt, learnt.slice(0, MOST))} ${list(say.last, learnt.slice(MOST).slice(-MOST))}
      ${list(say.first, single.slice(0, MOST))}`;
  }

  #follow(run: Run): void {
    const { sentence } = this;
    const other = run !== this.#run;
    if (!other && this.#cutOf === sentence) return;
    this.#asking.ask(async () => {
      this.#cut = await run.tokenize(sentence);
      this.#cutOf = sentence;
      if (other) {
        const file = (await run.folder()).find(({ name }) => name === 'tokenizer.json');
        this.#tokens = file && ordered(await file.text());
        this.#run = run;
      }
      this.desk.host.requestUpdate();
    });
  }
}
