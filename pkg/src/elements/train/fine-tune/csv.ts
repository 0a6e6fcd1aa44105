/** Reads CSV (RFC 4180) and what spreadsheets make of it: semicolons or tabs, a mark of the encoding, any line ends. */

/** Rows of fields. Blank rows are left out. */
export function parseCsv(text: string): string[][] {
  const body = text.replace(/^\ufeff/u, '');
  const separator = separatorOf(body);
  const rows: string[][] = [];
  let row: string[] = [];
  // A field, then what ends it.
  const piece = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|([^${separator}\\r\\n]*))(${separator}|\\r\\n|\\r|\\n|$)`, 'gu');
  for (const [, quoted, plain = '', end] of body.matchAll(piece)) {
    row.push(unguarded(quoted === undefined ? plain : quoted.replaceAll('""', '"')));
    if (end === separator) continue;
    if (row.some((field) => field.trim() !== '')) rows.push(row);
    row = [];
  }
  return rows;
}

/** The sign that the first row has most of. */
function separatorOf(text: string): string {
  const first = text.split(/[\r\n]/u, 1)[0]!.replace(/"[^"]*(?:""[^"]*)*"/gu, '');
  const count = (sign: string): number => first.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** Without the apostrophe that keeps spreadsheets from taking a text for a formula (`csvText` writes it). */
const unguarded = (field: string): string => (/^'[=+\-@\t\r]./su.test(field) ? field.slice(1) : field);
