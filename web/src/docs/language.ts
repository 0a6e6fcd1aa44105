/** The link to the other language: which one was chosen is remembered, for the playground too. */

const KEY = 'cloze-language'; // also read by public/language-first.js and src/language.ts

/** Connects the link. */
export function setUpLanguage(link: HTMLAnchorElement): void {
  link.addEventListener('click', () => {
    try {
      localStorage.setItem(KEY, link.hreflang.slice(0, 2));
    } catch {
      // Not remembered; nothing else to do.
    }
  });
}
