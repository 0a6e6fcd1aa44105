/** The texts and tables that come with the package. */

/** The texts and tables in English. */
export const ownData = {
  notFetched: (name: string) =>
    `“${name}” could not be fetched. Check the connection and try again: once used, or kept for offline, it needs none.`,
  texts: {
    grimm: {
      title: 'Fairy tales',
      author: 'Jacob and Wilhelm Grimm',
      about:
        'Fifty-odd tales. Few words, said again and again: a small model soon writes “and the king’s daughter said”.',
      credit: 'Household Tales, translated by Margaret Hunt (1884), by Standard Ebooks. Public domain.',
    },
    oz: {
      title: 'A children’s novel',
      author: 'L. Frank Baum',
      about:
        'The Wonderful Wizard of Oz and The Marvelous Land of Oz: one story, much talk. Each sentence leads to the next, which is what BERT’s second objective learns from.',
      credit: 'The novels of 1900 and 1904, by Standard Ebooks. Public domain.',
    },
    countries: {
      title: 'Plain facts about countries',
      author: 'The World Factbook',
      about:
        'Nearly 200 countries, each in the same sentences. A model learns the sentences at once and the facts badly: good for seeing what a wrong answer comes from.',
      credit:
        'The CIA’s World Factbook, work of the US government: public domain. The history of each country is left out.',
    },
  },
  tables: {
    authors: {
      title: 'Who wrote this sentence?',
      about: 'Sentences by Jane Austen or Rudyard Kipling, without names of people.',
      expect:
        'Learns from 40 and is tested on 200. A list of words reaches about 70 %, the page’s BERT about 95 %. Look at what is wrong: it goes by what is told of (jungle, dinner party) more than by style.',
    },
    genres: {
      title: 'Which genre?',
      about: 'Two sentences each of fairy tales, detective stories, science fiction, and speeches by US presidents.',
      expect:
        'Four labels, so that guessing reaches 25 %; a list of words 60 %, a small BERT about 80 %. Detectives and Martians are mixed up most: both were written in London around 1900.',
    },
    follows: {
      title: 'Does B follow A?',
      about: 'Pairs of sentences: in half of them the second one stands behind the first, else it is of another book.',
      expect:
        'Guessing reaches 50 %, and so does a list of words, as neither sentence alone says anything. A model that compares them reaches 75 to 90 %, above all by the topic: try two sentences of one story in the wrong order.',
    },
    capitals: {
      title: 'Capitals and full stops',
      about: 'Sentences in small letters without marks: each word is to get a capital, a full stop, both or neither.',
      expect:
        'Four words in five need nothing, so 82 % is what “leave it” always reaches. The neighbouring words give 90 %; what remains is where a sentence ends, which needs its meaning.',
    },
    countries: {
      title: 'Questions about countries',
      about: 'A question and a few sentences; the answer stands in them.',
      expect:
        'The answer stands in the sentence that shares most words with the question in less than half of the examples. Ask of a country that does not exist: it still finds an answer, as it has learnt to point and not to know.',
    },
  },
};
