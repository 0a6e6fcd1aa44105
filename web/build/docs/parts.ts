/**
 * Parts of one Markdown file in another: `<!-- part: pkg/README.md#where-it-runs -->` stands for what is below that heading,
 * `<!-- part: pkg/README.md#use: Models, Lengths -->` for the items of its list that begin with these words in bold. So
 * nothing is said in two places.
 */

/** The text with its parts; `read` reads a file of the sources. */
export function withParts(source: string, read: (file: string) => string): string {
  return source.replace(/^<!-- part: (\S+?)#([\w-]+)(?:: (.+?))? -->$/gmu, (_, file: string, anchor: string, names) => {
    const section = below(read(file), anchor, file);
    return names === undefined ? section : items(section, (names as string).split(', '), `${file}#${anchor}`);
  });
}

const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

/** What stands below a heading, up to the next one of its level or above; headings in it go up to the second level. */
function below(source: string, anchor: string, file: string): string {
  const lines = source.split('\n');
  let code = false;
  let level = 0;
  const found: string[] = [];
  for (const line of lines) {
    if (line.trimStart().startsWith('```')) code = !code;
    const [, marks = '', title = ''] = (code ? null : /^(#+) (.*)$/u.exec(line)) ?? [];
    if (level > 0 && marks !== '' && marks.length <= level) break;
    if (level > 0) found.push(marks === '' ? line : `${'#'.repeat(marks.length - level + 1)} ${title}`);
    else if (marks !== '' && slug(title) === anchor) level = marks.length;
  }
  if (level === 0) throw new Error(`${file} has no heading #${anchor}`);
  return found.join('\n').trim();
}

/** Items of a list, by the words in bold that they begin with. */
function items(section: string, names: readonly string[], place: string): string {
  const all = section.split(/^(?=- )/mu);
  return names
    .map((name) => {
      const item = all.find((one) => one.startsWith(`- **${name}**`));
      if (item === undefined) throw new Error(`${place} has no item "${name}"`);
      return item.trim();
    })
    .join('\n');
}
