/** Access tokens as they are typed, each for one server: none is ever sent to another one. */
import { resolveSource } from '../../page/model-source.js';
import type { ModelArgument } from '../../index.js';

/** The origin that a model comes from; undefined for files of this device, the page's own model, and what names nothing. */
export function originOf(model: ModelArgument, baseURI: string): string | undefined {
  // Without a model, it is the page's own.
  if (typeof model !== 'string') return undefined;
  try {
    const source = resolveSource(model.trim(), 'bert', { baseURI });
    return source.kind === 'hub' || source.kind === 'folder' ? new URL(source.base).origin : undefined;
  } catch {
    return undefined;
  }
}

/** Tokens by the origin that they were typed for. */
export class AccessTokens {
  readonly #tokens = new Map<string, string>();

  /** The token for an origin; the empty text if none was typed. */
  of(origin: string | undefined): string {
    return (origin !== undefined && this.#tokens.get(origin)) || '';
  }

  /** Remembers what is typed for an origin. */
  set(origin: string, token: string): void {
    this.#tokens.set(origin, token.trim());
  }

  /** Forgets them all. */
  clear(): void {
    this.#tokens.clear();
  }
}
