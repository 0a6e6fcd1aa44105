/**
 * How much of a screen is shown. An element alone is input, button and result, so that it fits into somebody's article; a
 * page that is about the models asks for the full screen, or for some of its parts.
 */
import type { PropertyDeclaration, PropertyDeclarations } from 'lit';
import type { Field } from './state.js';

/** The parts of a screen that can be shown and hidden by themselves. */
export const PARTS = ['heading', 'explain', 'examples', 'settings', 'facts', 'copy'] as const;

/** The name of such a part, which is that of its attribute. */
export type PartName = (typeof PARTS)[number];

/** What a page says of a part: `none` or `false` hides it; `show`, `true` or the attribute alone shows it. */
export type Shown = 'show' | 'none' | '' | boolean | undefined;

/** What a page says of a screen's look. */
export interface Appearance {
  /** All parts, but for those that are said to be hidden. */
  full: boolean;
  /** Input, button and result, as without `full`; it wins over `full`. */
  compact: boolean;
  /** `light` or `dark`, where the element is to differ from the page. */
  theme: 'auto' | 'light' | 'dark' | undefined;
}

/** What a page says of each part; in the place of `show`, `examples` may be a list of them. */
export interface PartsShown {
  /** The name of the screen. */
  heading: Shown;
  /** What the screen does, and what the model that comes with the package is good at. */
  explain: Shown;
  /** The settings, folded away. */
  settings: Shown;
  /** Time, model, build. */
  facts: Shown;
  /** Buttons that copy the result and save the run. */
  copy: Shown;
  examples: unknown;
}

/** What a page says of a tool. */
export type HeadShown = Appearance & Pick<PartsShown, 'heading' | 'explain'>;

/** Whether the element is a whole screen. */
export const isFull = ({ full, compact }: Pick<Appearance, 'full' | 'compact'>): boolean => full && !compact;

/** Whether a part is shown. */
export function shows(host: Pick<Appearance, 'full' | 'compact'> & Partial<PartsShown>, part: PartName): boolean {
  const said = host[part];
  if (said === 'none' || said === false) return false;
  return said === '' || said === 'show' || said === true || Array.isArray(said) || isFull(host);
}

/** The slots of a screen, into which a page puts its own words. */
export type SlotName = 'heading' | 'about' | 'empty' | 'footer';

/** Whether the page put something there. */
export const hasSlotted = (host: Element, slot: SlotName): boolean =>
  [...host.children].some((child) => child.slot === slot);

const shownOrNot: PropertyDeclaration<Shown> = {
  reflect: true,
  converter: {
    fromAttribute: (text) => (text ?? undefined) as Shown,
    toAttribute: (shown) => (shown === true ? '' : shown === false ? 'none' : (shown ?? null)),
  },
};

/** The properties of a tool, which has no other parts to hide than its head. */
export const headProperties: PropertyDeclarations = {
  full: { type: Boolean, reflect: true },
  compact: { type: Boolean, reflect: true },
  theme: { reflect: true },
  heading: shownOrNot,
  explain: shownOrNot,
};

/** The properties of {@link Appearance} and {@link PartsShown}, for `static properties`. */
export const appearanceProperties: PropertyDeclarations = {
  ...headProperties,
  settings: shownOrNot,
  facts: shownOrNot,
  copy: shownOrNot,
  // A list is no attribute.
  examples: { converter: shownOrNot.converter! },
};

/** The attribute alone is read as `show`. */
const SHOWN: Field = { kind: 'choice', default: 'show', of: ['show', 'none'] };

/** What the attributes of the look may say. */
export const appearanceFields: Readonly<Record<string, Field>> = {
  ...Object.fromEntries(PARTS.map((part) => [part, SHOWN])),
  theme: { kind: 'choice', default: 'auto', of: ['auto', 'light', 'dark'] },
};
