// `npm run docs`: the API and the elements as pages in dist/docs. Whatever is public must be documented.
import { OptionDefaults } from 'typedoc';

/** @type {import('typedoc').TypeDocOptions} */
export default {
  entryPoints: ['src/index.ts', 'src/elements.ts'],
  tsconfig: 'tsconfig.build.json',
  out: 'dist/docs',
  readme: 'README.md',
  disableGit: true,
  disableSources: true,
  excludePrivate: true,
  excludeInternal: true,
  blockTags: [...OptionDefaults.blockTags, '@fires'],
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  treatWarningsAsErrors: true,
};
