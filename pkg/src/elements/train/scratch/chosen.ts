/** What the reader chose before a run, with what was refused of it. */
import type { LitElement } from 'lit';
import { trainWords } from '../../../words/train.js';
import type { Costs } from './costs.js';
import { differences, type Form } from './form.js';
import { changesOf, FIRST, settingsOf, type Changes, type Choice } from './settings.js';

const say = trainWords.scratch;

/** What is asked of the view. */
export interface ChosenHost {
  readonly view: LitElement;
  readonly costs: Costs;
  problem(id: string): string | undefined;
  /** Something was chosen by hand. */
  changed(choice: Choice): void;
  /** What the text is called. */
  title(): string;
}

/** The choice. */
export class Chosen {
  choice: Choice = FIRST;
  /** Settings that hold something that is no value, by key, with why: they keep what was typed. */
  refused: Readonly<Record<string, string>> = {};
  /** The name that was typed for the run. */
  #named: string | undefined;

  constructor(private readonly host: ChosenHost) {}

  /** What the form shows. */
  get form(): Form {
    const { view, costs, problem } = this.host;
    const { architecture, size } = this.choice;
    const base = costs.base(architecture, size);
    return {
      choice: this.choice,
      settings: base && settingsOf(this.choice, base),
      costs: costs.of(architecture),
      name: this.#ownName(),
      named: this.#named,
      problem,
      choose: (change) => this.#set({ ...this.choice, ...change }),
      set: (changes) => this.#change(changes),
      unset: () => this.#unset(),
      rename: (name) => {
        this.#named = name.trim() === '' ? undefined : name;
        view.requestUpdate();
      },
      refuse: (key, why) => {
        this.refused = { ...this.refused, [key]: why };
        view.requestUpdate();
      },
    };
  }

  /** A name for the next run that none of these has. */
  freshName(names: readonly string[]): string {
    const name = this.#named ?? this.#ownName();
    if (!names.includes(name)) return name;
    let at = 2;
    while (names.includes(`${name} (${at})`)) at += 1;
    return `${name} (${at})`;
  }

  #ownName(): string {
    const { architecture, size } = this.choice;
    const [model, extent] = [say.model.names[architecture], say.size.names[size]];
    return say.runName(model, extent, this.host.title(), differences(this.choice));
  }

  /** Settings were changed; those that are at the size's own again are no changes. */
  #change(changes: Changes): void {
    const { architecture, size } = this.choice;
    const base = this.host.costs.base(architecture, size);
    const all = { ...this.choice.changes, ...changes };
    this.refused = Object.fromEntries(Object.entries(this.refused).filter(([key]) => !(key in changes)));
    const changed = base ? changesOf(settingsOf({ ...this.choice, changes: all }, base), base) : all;
    this.#set({ ...this.choice, changes: changed });
  }

  /** What stands under Settings is the size's own again; what BERT learns stays. */
  #unset(): void {
    const { mlm, nsp, always_mask } = this.choice.changes;
    const kept = Object.entries({ mlm, nsp, always_mask }).filter(([, value]) => value !== undefined);
    this.refused = {};
    this.#set({ ...this.choice, changes: Object.fromEntries(kept) as Changes });
  }

  #set(choice: Choice): void {
    this.choice = choice;
    this.host.changed(choice);
    this.host.view.requestUpdate();
  }
}
