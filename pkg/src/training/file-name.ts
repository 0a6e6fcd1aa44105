/** Names for people as names of folders. */

/** Without what some system does not allow in the name of a file. */
export const fileName = (name: string): string =>
  name
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f<>:"/\\|?*]+/gu, '-')
    .replace(/^[.\s-]+|[.\s-]+$/gu, '')
    .slice(0, 80) || 'model';
