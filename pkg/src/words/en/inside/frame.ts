/** The frame of the Inside screen: its views, its model, saving. */
/** The frame of the Inside screen in English. */
export const frame = {
  about:
    'What goes on in a model while it reads your text, computed here and now: nothing is a recording. Blue is for models that read in both directions, amber for those that read from left to right.',
  view: 'View',
  text: 'Text',
  texts: 'Texts, one a line',
  pair: 'Sentence B',
  pairAbout: 'May stay empty. Both are read as one text, a mark between them.',
  noText: 'Type a text, or choose an example above.',
  stale: 'This is of the text and the model as they were before your last change.',
  reading: (view: string) => `Computing: ${view}.`,
  pages: {
    before: 'Tokens before',
    after: 'Tokens after',
    tokens: (from: number, to: number, all: number) => `Tokens ${from} to ${to} of ${all}`,
  },
};

/** The models that can be looked into. */
export const models = {
  label: 'Model',
  own: {
    bert: 'the small BERT that comes with Cloze',
    gpt: 'the small GPT-2 that comes with Cloze',
  },
  options: {
    bert: 'BERT (comes with Cloze)',
    gpt: 'GPT-2 (comes with Cloze)',
  },
  more: 'Other models: load one in the tab Models, and choose it for Inside there or here.',
  notKept: (model: string) => `The model “${model}” is not kept in this browser. Load it in the tab Models first.`,
};

/** Saving what is shown. */
export const save = {
  label: 'Save what is shown',
  svg: 'SVG',
  png: 'PNG',
  csv: 'CSV',
  saved: (file: string) => `Saved as ${file}.`,
  failed: 'The picture is too large for this browser to save as PNG. SVG and CSV work.',
};
