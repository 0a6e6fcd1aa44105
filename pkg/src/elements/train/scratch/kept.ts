/** The list of the runs: which are drawn, and what can be done with each. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { trainWords } from '../../../words/train.js';
import { copyText } from '../../clipboard.js';
import { commas, moment, number, parameters, size } from '../../format.js';
import { download } from '../../inside/drawing/save.js';
import { words } from '../../../words/index.js';
import type { ListedRun } from '../runs.js';
import { bitsPerByte, tokenLoss } from './curves.js';
import type { Desk } from './desk.js';
import { loss } from './figures.js';

const say = trainWords.scratch.kept;

/** What the list asks the view for. */
export interface KeptHost extends Desk {
  open(run: ListedRun): Promise<void>;
  linkOf(run: ListedRun): Promise<string>;
}

/** The list. */
export class Kept {
  /** Runs that are not drawn although they are listed, and closed ones that are. */
  readonly #hidden = new Set<string>();
  readonly #shown = new Set<string>();
  /** Whose removal is being asked about. */
  #asked: string | undefined;
  /** Whose folder is being packed, or which is being opened. */
  #busy: string | undefined;

  constructor(private readonly desk: KeptHost) {}

  /** The runs that are drawn, the one that is looked at first. */
  drawn(): ListedRun[] {
    const { runs } = this.desk;
    const drawn = runs.list.filter(({ id }) => (id === runs.chosen ? !this.#hidden.has(id) : this.#shown.has(id)));
    return drawn.sort((a, b) => Number(b.id === runs.chosen) - Number(a.id === runs.chosen));
  }

  /** A run is drawn from now on, whether it is looked at or not. */
  show(id: string): void {
    this.#shown.add(id);
    this.#hidden.delete(id);
  }

  render(): TemplateResult {
    const { list } = this.desk.runs;
    return html`<section class="part" aria-labelledby="kept-title">
      <h4 id="kept-title">${say.title}</h4>
      <p class="small muted">${say.about}</p>
      ${
        list.length === 0
          ? html`<p class="small">${say.none}</p>`
          : html`<ul class="runs">
              ${repeat(
                list,
                ({ id }) => id,
                (run) => html`<li data-run=${run.id}>${this.#renderRun(run)}</li>`,
              )}
            </ul>`
      }
    </section>`;
  }

  #renderRun(run: ListedRun): TemplateResult {
    const { id, name, live, saved } = run;
    const drawn = this.drawn().some((one) => one.id === id);
    const toggle = (event: Event): void => this.#toggle(id, (event.target as HTMLInputElement).checked);
    const elsewhere = !live && saved?.open === true;
    const state = live ? say.now : elsewhere ? say.otherTab : '';
    return html`<label class="choice">
        <input type="checkbox" .checked=${drawn} aria-label=${say.showNamed(name)} @change=${toggle} />
        <strong><bdi>${name}</bdi></strong>
        ${state === '' ? nothing : html`<span class="small muted">${state}</span>`}
        ${live?.unsaved ? html`<span class="small muted">${say.notKept}</span>` : nothing}
      </label>
      <p class="small muted">${this.#facts(run).join(' · ')}</p>
      ${this.#asked === id ? this.#renderSure(run) : this.#renderActions(run, elsewhere)}`;
  }

  #facts({ settings, weights, steps, history, info, saved }: ListedRun): string[] {
    const held = history?.evaluations.at(-1);
    // Of several parts the sum is kept.
    const single = settings.architecture === 'gpt' || settings.architecture === 'xlnet';
    const nats = held ? tokenLoss(held.parts) : single ? (saved?.last_evaluation ?? Number.NaN) : Number.NaN;
    const facts = [say.stepsOf(number(steps), number(settings.steps))];
    if (Number.isFinite(nats)) facts.push(`${say.columns.loss} ${loss(nats)}`);
    if (Number.isFinite(nats) && settings.architecture === 'gpt')
      facts.push(`${say.columns.bits} ${loss(bitsPerByte(nats, info.levels.bytes_per_token))}`);
    facts.push(`${parameters(weights)} ${say.columns.weights.toLocaleLowerCase(words.numbers.locale)}`);
    if (saved) facts.push(commas(size(saved.bytes), moment(saved.saved)));
    return facts;
  }

  #renderActions(run: ListedRun, elsewhere: boolean): TemplateResult {
    const { id, name, live, settings, steps } = run;
    const looked = this.desk.runs.chosen === id && live !== undefined;
    const button = (what: string, act: () => Promise<void> | void, off = false): TemplateResult =>
      html`<button
        type="button"
        class="chip"
        aria-label=${say.of(what, name)}
        ?disabled=${off || this.#busy === id}
        @click=${() => void act()}
      >
        ${what}
      </button>`;
    return html`<div class="row">
      ${looked ? nothing : button(steps < settings.steps && !live ? say.goOn : say.look, () => this.#open(run), elsewhere)}
      ${button(say.link, () => this.#link(run))} ${button(say.folder, () => this.#download(run), elsewhere)}
      ${button(say.remove, () => this.#ask(id), elsewhere)}
    </div>`;
  }

  #renderSure({ id, name }: ListedRun): TemplateResult {
    return html`<div class="row" role="group" aria-label=${say.sure(name)}>
      <span class="small">${say.sure(name)}</span>
      <button type="button" class="chip" data-yes @click=${() => void this.#remove(id, name)}>${say.yes}</button>
      <button type="button" class="chip" @click=${() => this.#ask(undefined)}>${say.no}</button>
    </div>`;
  }

  #toggle(id: string, on: boolean): void {
    if (on) this.show(id);
    else {
      this.#shown.delete(id);
      this.#hidden.add(id);
    }
    void this.desk.runs.fetchHistories([...this.#shown]);
    this.desk.host.requestUpdate();
  }

  #ask(id: string | undefined): void {
    const before = this.#asked;
    this.#asked = id;
    this.desk.host.requestUpdate();
    // The button that had the focus is gone.
    void this.desk.host.updateComplete.then(() => {
      const row = this.desk.host.renderRoot.querySelector(`[data-run="${id ?? before}"]`);
      row?.querySelector<HTMLElement>(id ? '[data-yes]' : '.row > button:last-child')?.focus();
    });
  }

  async #open(run: ListedRun): Promise<void> {
    this.desk.frame.announce(say.opening(run.name));
    await this.#during(run.id, () => this.desk.open(run));
  }

  async #link(run: ListedRun): Promise<void> {
    await this.#during(run.id, async () => {
      const link = await this.desk.linkOf(run);
      const copied = await copyText(link);
      this.desk.frame.announce(
        copied ? words.frame.linkCopied(trainWords.scratch.linkContent) : words.frame.cannotCopyLink(link),
      );
    });
  }

  async #download({ id, name }: ListedRun): Promise<void> {
    this.desk.frame.announce(say.packing(name));
    await this.#during(id, () => saveFolder(this.desk, id, name));
  }

  async #remove(id: string, name: string): Promise<void> {
    this.#asked = undefined;
    await this.#during(id, async () => {
      await this.desk.runs.remove(id);
      this.desk.frame.announce(say.removed(name));
    });
    this.desk.host.renderRoot.querySelector<HTMLElement>('.runs button, #run')?.focus();
  }

  async #during(id: string, act: () => Promise<void>): Promise<void> {
    this.#busy = id;
    this.desk.host.requestUpdate();
    try {
      await act();
    } catch (error) {
      this.desk.fail(error, 'run');
    }
    this.#busy = undefined;
    this.desk.host.requestUpdate();
  }
}

/** Hands the folder of a run to the reader as one file. */
export async function saveFolder({ runs, frame }: Desk, id: string, name: string): Promise<void> {
  const { zipFolder } = await import('../../../training/index.js');
  const file = `${name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/gu, '') || 'model'}.zip`;
  download(await zipFolder(await runs.folder(id)), file);
  frame.announce(say.packed(file));
}
