/**
 * `<cloze-inside>`: what goes on in a model. All but its state is fetched when it is first seen: the other screens need
 * neither its views nor what draws them.
 */
import { html, nothing, type CSSResultGroup } from 'lit';
import { ClozeError } from '../../border/errors.js';
import { words } from '../../words/index.js';
import { ScreenController } from '../controllers/screen.js';
import { screenElement } from '../screen-element.js';
import { screen } from '../styles/index.js';
import type { Inside, InsideResult } from './inside.js';
import type { InsideModels } from './models.js';
import { insideSchema, MODELLESS, START, type InsideState } from './schema.js';

const say = words.insideTab;

/**
 * Looks into a model. Its events are those of {@link ScreenController}.
 *
 * @attr {string} view - what is shown
 * @attr {string} text - what the model reads
 * @attr {string} own - which of the package's models reads it, `bert` or `gpt`
 * @attr {number} token-index - the token that is looked at, from 0
 * @attr {number} layer - the layer, from 0
 * @attr {number} head - the head, from 0
 * @slot heading - in the place of the heading
 * @slot about - in the place of the explanation
 * @slot empty - where the result will be
 * @slot footer - below all
 * @csspart base - all of it
 * @csspart input - a box for text
 * @csspart label - its label
 * @csspart button - the button that runs it
 * @csspart status - what is being done
 * @csspart results - where the result stands
 * @csspart bars - a table of probabilities
 * @csspart bar - a bar in it
 * @csspart problem - what went wrong
 */
export class ClozeInside extends screenElement<InsideState, InsideModels, InsideResult>(insideSchema) {
  static override styles: CSSResultGroup = [screen];

  /** The rest of the screen, once it is here. */
  #inside: Inside | undefined;
  #arriving: Promise<Inside> | undefined;
  #failed = false;
  #observer: IntersectionObserver | undefined;

  protected override readonly screen: ScreenController<InsideState, InsideModels, InsideResult> = new ScreenController(
    this,
    { task: 'inside', schema: insideSchema },
    {
      wide: true,
      // Browsers may remember that a module could not be fetched, and never ask again.
      reloads: () => this.#failed,
      start: () => START,
      examples: () => this.#inside?.examples() ?? [],
      verb: () => say.verb,
      doing: () => this.#inside?.doing() ?? say.fetching,
      // A model that the screen was given has a tokenizer of its own to show.
      modelless: () => !this.model && MODELLESS.includes(this.screen.current.view),
      needs: () => this.#inside?.needs().join(),
      open: async (options) => (await this.#arrive()).open(options),
      check: () => this.#inside?.check(),
      placeOf: (code) => this.#inside?.placeOf(code) ?? 'run',
      // A view without a model may be asked to run before anything has arrived.
      perform: async (models, signal) => (await this.#arrive()).perform(models, signal),
      summary: (result) => this.#inside!.summary(result),
      copyable: () => this.#inside?.copyable(),
      beforeRun: () => this.#inside?.beforeRun(),
      changed: (before) => this.#inside?.changed(before),
      facts: () => this.#inside?.facts() ?? [],
      title: () => words.labels.inside,
      renderAbout: () => this.#inside?.renderAbout() ?? html`${nothing}`,
      renderFirst: () => this.#inside?.renderFirst() ?? html`<p class="muted">${say.fetching}</p>`,
      renderInput: () => this.#inside?.renderInput() ?? html`${nothing}`,
      renderResults: () => this.#inside?.renderResults() ?? html`${nothing}`,
    },
  );

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      this.#observer?.disconnect();
      // A load says what is wrong with the connection.
      void this.#arrive().catch(() => this.load().catch(() => undefined));
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  #arrive(): Promise<Inside> {
    return (this.#arriving ??= import('./inside.js').then(
      ({ Inside }) => {
        this.#failed = false;
        this.#inside = new Inside(this, this.screen);
        this.requestUpdate();
        return this.#inside;
      },
      (cause: unknown) => {
        this.#arriving = undefined;
        this.#failed = true;
        throw new ClozeError('network', say.notFetched, {}, { cause });
      },
    ));
  }
}
