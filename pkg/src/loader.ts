/**
 * Loads the elements by a classic script, which runs where module scripts of other origins do not: in frames with a sandbox, a
 * server that does not allow other origins would leave the elements blank. Then they say why.
 *
 * ```html
 * <script src="https://cdn.example/cloze/dist/loader.js"></script>
 * <cloze-fill-mask></cloze-fill-mask>
 * ```
 *
 * @module
 */
import { loader as say } from './words/en/loader.js';

const own = (document.currentScript as HTMLScriptElement | null)?.src ?? location.href;
const elements = new URL('./elements.js', own).href;

import(elements).catch((error: unknown) => {
  console.error(error);
  // The origin of a frame in a sandbox is opaque.
  const { origin } = globalThis;
  const sentence = (origin === 'null' ? say.sandboxed : say.unreachable)(elements);
  const show = (): void => {
    const waiting = [...document.querySelectorAll(':not(:defined)')].filter(({ localName }) =>
      localName.startsWith('cloze-'),
    );
    for (const element of waiting) element.textContent = sentence;
  };
  show();
  // Those that are below the script are not there yet.
  document.addEventListener('DOMContentLoaded', show);
});
