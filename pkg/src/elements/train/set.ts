/** A view's settings as the text that stands in links: `architecture-bert size-small learning_rate-0.003`. */

/** What a setting can be. */
export type SetValue = string | number | boolean;

/** The settings of a text, as texts; what is no setting is left out. */
export const readSet = (set: string): Record<string, string> =>
  Object.fromEntries(
    set
      .split(' ')
      .map((pair) => /^([a-z]\w*)-(.+)$/u.exec(pair))
      .filter((match) => match !== null)
      .map(([, key, value]) => [key!, decoded(value!)]),
  );

/** The text of some settings; those that are undefined are left out. */
export const writeSet = (values: Readonly<Record<string, SetValue | undefined>>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}-${encodeURIComponent(String(value))}`)
    .join(' ');

// A link is typed by anybody.
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
