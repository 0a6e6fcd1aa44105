// `npm run docs`: the API as pages in dist/docs. Whatever is public must be documented. The elements are in the README.

/** @type {import('typedoc').TypeDocOptions} */
export default {
  entryPoints: ['src/index.ts'],
  tsconfig: 'tsconfig.build.json',
  out: 'dist/docs',
  readme: 'README.md',
  disableGit: true,
  disableSources: true,
  excludePrivate: true,
  excludeProtected: true,
  excludeExternals: true,
  excludeInternal: true,
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  treatWarningsAsErrors: true,
};
