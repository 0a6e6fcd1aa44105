/** Names for landmarks: several elements on one page have each its own. */

/** The elements on the page, each at its number; a number that is free again is given anew. */
const numbered: (object | undefined)[] = [];

/** Puts an element on the page. */
export function number(host: object): void {
  if (numbered.includes(host)) return;
  const free = numbered.indexOf(undefined);
  numbered[free < 0 ? numbered.length : free] = host;
}

/** Takes it away. */
export function unnumber(host: object): void {
  const at = numbered.indexOf(host);
  if (at >= 0) numbered[at] = undefined;
}

/** The name of its landmark: the first one's is `name`, the others' have their number. */
export function landmark(name: string, host: object): string {
  const at = numbered.indexOf(host);
  return at > 0 ? `${name} ${at + 1}` : name;
}
