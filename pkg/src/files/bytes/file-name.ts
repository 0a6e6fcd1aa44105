/** File names in addresses. */

/** The last part of an address's path, without its escapes where they are right. */
export function fileName(url: URL): string {
  const name = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The address of a file in a folder; `name` may have folders of its own, and any characters. */
export const inFolder = (name: string, base: string): string =>
  new URL(name.split('/').map(encodeURIComponent).join('/'), base).href;
