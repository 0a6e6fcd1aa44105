/** The words in the sentence as the value of a form's control: what `<input>` does, by the browser's own means. */
import { fillMaskWords } from '../../words/screens/fill-mask.js';
import type { FillMaskState } from './schema.js';

/** What the browser gives back when a page is restored. */
interface Kept {
  readonly state: FillMaskState;
  readonly chosen: readonly string[];
}

/** The element, as far as it is a control. */
export interface ControlHost extends HTMLElement {
  readonly name: string;
  readonly required: boolean;
  state: FillMaskState;
}

/** The form's side of the element. */
export class FormControl {
  readonly internals: ElementInternals;
  /** The words of a restored page, until there is a result. */
  #restored: readonly string[] = [];
  #chosen: readonly string[] = [];

  constructor(private readonly host: ControlHost) {
    this.internals = host.attachInternals();
  }

  /** The words, with commas where there are several. */
  get value(): string {
    return this.#chosen.join(', ');
  }

  /** Tells the form which words stand in the sentence: one entry each; none while there is no result. */
  update(chosen: readonly string[] | undefined): void {
    if (chosen) this.#restored = [];
    this.#chosen = chosen ?? this.#restored;
    const { host, internals } = this;
    const entries = new FormData();
    for (const word of this.#chosen) entries.append(host.name, word);
    const kept: Kept = { state: host.state, chosen: this.#chosen };
    internals.setFormValue(host.name === '' ? null : entries, JSON.stringify(kept));
    const missing = host.required && this.#chosen.length === 0;
    const button = host.shadowRoot?.querySelector<HTMLElement>('#run');
    if (missing && button) internals.setValidity({ valueMissing: true }, fillMaskWords.required, button);
    else internals.setValidity({});
  }

  /** Forgets the words of a restored page. */
  reset(): void {
    this.#restored = [];
  }

  /** Takes what {@link update} kept; what is not of that kind was filled in by something else. */
  restore(kept: unknown): void {
    if (typeof kept !== 'string') return;
    try {
      const { state, chosen } = JSON.parse(kept) as Partial<Kept>;
      if (!state || !Array.isArray(chosen)) return;
      this.host.state = state;
      this.#restored = chosen.map(String);
    } catch {
      // No form of ours: it begins as at first.
    }
  }
}
