/** Which model a view of the Train screen starts from. */

/** In English. */
export const modelChoice = {
  label: 'Which model learns',
  bert: 'the small BERT that comes with Cloze',
  gpt: 'the small GPT-2 that comes with Cloze',
  run: (name: string, steps: string) => `${name}, ${steps}`,
  unknown: 'a run that is not here',
  gone: 'The model that was chosen is not kept in this browser (any more). Choose another one.',
};
