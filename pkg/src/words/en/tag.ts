/** The Tag screen. */

/** The Tag screen in English. */
export const tag = {
  verb: 'Tag',
  doing: 'Reading the text.',
  window: (index: number, windows: number) => `Read ${index} of ${windows} windows of the text.`,
  examples: {
    letter: 'A letter',
    match: 'A match',
    company: 'A company',
  },

  about:
    'A model that was fine-tuned for it says of each token what it belongs to: a person, a place, an organisation, or nothing of the kind.',
  help: {
    term: 'token classification',
    text: 'A small layer gives each token a score for every class. Names of several tokens are marked by B- where one begins and I- inside it; how these become one name is the aggregation below.',
  },
  needs: 'This screen takes a model that was fine-tuned to tag tokens, and none comes with Cloze.',
  offers: {
    base: 'persons, organisations, places and other names in English news',
    distil: 'the same classes, smaller and faster',
  },

  text: 'Text',
  noText: 'Type a text, or choose an example above.',

  strategies: {
    legend: 'Aggregation',
    help: {
      term: 'aggregation',
      text: 'Tokens are pieces of words, and a name may have several. What their classes make of the whole is a matter of choice; these are the choices of transformers.',
    },
    none: { name: 'None', about: 'Each token by itself, as the model says it.' },
    simple: { name: 'Simple', about: 'Neighbours of one class are one name, even within a word.' },
    first: { name: 'First', about: 'A word has the class of its first piece.' },
    average: { name: 'Average', about: 'A word has the class that its pieces favour on average.' },
    max: { name: 'Max', about: 'A word has the class of its surest piece.' },
  },

  empty: [
    'The text will stand here with its names marked, and below it a list of them.',
    'Choose an example, or type a text and press Tag.',
  ],
  found: (entities: string, time: string) => `${entities} found in ${time}.`,
  noneFound: 'No word of this text got a class.',
  inTheText: 'In the text',
  list: 'What was found',
  entity: 'Text',
  label: 'Class',
  place: (start: number, end: number) => `at ${start}–${end}`,
  offsets: 'Places count UTF-16 units, as JavaScript’s strings do.',
};
