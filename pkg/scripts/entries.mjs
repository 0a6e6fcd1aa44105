// What can be imported of the package, by where it lies in dist/.

/** The elements that can be had by themselves. */
export const ELEMENTS = [
  'answer',
  'classify',
  'fill-mask',
  'generate',
  'inside',
  'models',
  'next-sentence',
  'summarize',
  'tag',
  'train',
];

/** @type {Record<string, string>} */
export const ENTRIES = {
  index: 'src/index.ts',
  elements: 'src/elements.ts',
  screens: 'src/screens.ts',
  lessons: 'src/lessons.ts',
  training: 'src/training/index.ts',
  ...Object.fromEntries(ELEMENTS.map((name) => [`elements/${name}`, `src/entries/${name}.ts`])),
};
