/**
 * The look shared by all screens: a well-set page, ink on paper. Colours and faces come from the tokens. The order counts:
 * later styles win over earlier ones.
 */
import { css, type CSSResultGroup } from 'lit';
import { compact } from './compact.js';
import { controls } from './controls.js';
import { doing } from './doing.js';
import { modes } from './modes.js';
import { page } from './page.js';
import { results } from './results.js';
import { table } from './table.js';
import { text } from './text.js';
import { tokens } from './tokens.js';

/** Text, controls, tables and the two columns. */
export const shared: CSSResultGroup = [text, page, controls, doing, results, table, compact, modes];

/** For a screen: the tokens, and all of the above. */
export const screen: CSSResultGroup = [tokens, shared];

/** For the screens whose model reads left to right. */
export const gptHue = css`
  :host {
    --hue: var(--cloze-gpt);
  }
`;
