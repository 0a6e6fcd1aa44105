/** Colours for code, in three kinds: comments, texts, words of the language. */

const KINDS = ['comment', 'string', 'word'] as const;

const SCRIPT =
  /(\/\/[^\n]*|\/\*.*?\*\/)|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\b(as|async|await|class|const|else|export|extends|false|for|from|function|if|import|in|interface|let|new|null|of|readonly|return|true|try|type|undefined|while)\b/gsu;
const RUST =
  /(\/\/[^\n]*)|("(?:\\.|[^"\\])*")|\b(as|async|await|const|else|enum|fn|for|if|impl|in|let|loop|match|mod|move|mut|pub|ref|return|self|Self|static|struct|trait|use|where|while)\b/gsu;
const SHELL = /((?<=^|\s)#[^\n]*)|("(?:\\.|[^"\\])*"|'[^']*')|(?<=^|\n)([a-z][\w.-]*)/gsu;
const HTML = /(<!--.*?-->)|("[^"]*")|(<\/?[a-z][\w-]*|\/?>)/gsu;

const LANGUAGES: Record<string, RegExp> = {
  js: SCRIPT,
  ts: SCRIPT,
  tsx: SCRIPT,
  json: SCRIPT,
  rust: RUST,
  sh: SHELL,
  html: HTML,
};

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escaped = (text: string): string => text.replace(/[&<>"]/gu, (sign) => SIGNS[sign]!);

/** Code as HTML; of a language that is not known without colours. */
export function highlighted(code: string, language: string): string {
  const pattern = LANGUAGES[language];
  if (!pattern) return escaped(code);
  let html = '';
  let end = 0;
  for (const match of code.matchAll(pattern)) {
    const kind = KINDS.find((_, index) => match[index + 1] !== undefined);
    html += escaped(code.slice(end, match.index));
    end = match.index + match[0].length;
    html += `<span class="${kind}">${escaped(match[0])}</span>`;
  }
  return html + escaped(code.slice(end));
}
