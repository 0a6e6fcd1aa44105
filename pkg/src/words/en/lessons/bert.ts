/** The lesson on BERT. */
import type { LessonWords } from './lesson.js';

/** The lesson on BERT in English. */
export const bert: LessonWords = {
  title: 'BERT: filling gaps',
  aim: 'You train a model that guesses hidden words and judges whether one sentence follows another, and see what each of the two tasks brings.',
  question:
    'A model that was trained on one book fills the gap in “The doctor gave her a small white [MASK].” with “horse”. Why does it say that?',
  answer:
    'In its book, white and small stood before horse (or before whatever it says) and doctors with pills hardly ever. It gives the word that was likely in its training text beside these neighbours. It does not know what doctors do.',
  steps: [
    {
      title: 'What is predicted',
      task: 'Set up the run: take the text of the link, press Start, and Pause after a few steps. Open “The batch at hand”.',
      look: 'The framed tokens are to be guessed. Most are masked, some are replaced by a random token, some stay. Why are some left as they are?',
      expect:
        'If only [MASK] were ever to be guessed, the model need not understand the other words, and it never sees [MASK] in use. Of the 15 % that are guessed, 80 % are masked, 10 % random, 10 % kept.',
    },
    {
      title: 'Two tasks at once',
      task: 'Let it run for at least 300 steps. Watch “First guess right” and “Next sentence right”.',
      look: 'The loss is the sum of both tasks. What does the model guess for everything at first? When is it better than someone who always says the most frequent token (the unigram level)?',
      expect:
        'First “the” and commas everywhere. “Next sentence right” stays near 50 %, which is guessing: of a whole pair the model is told one thing, yes or no, and of the masked words something at each of them. One number hides two tasks, and of the two one is not learnt here: not in so short a run, not from a novel.',
    },
    {
      title: 'Ask it',
      task: 'Under “Words out of noise”, write a “Sentence with [MASK]” from the world of the text, such as “The wicked [MASK] was afraid of water.”, and let it run to the end.',
      look: 'Compare the guesses at the chosen steps. Are wrong guesses of the right kind (a noun, a person)? What do the words on both sides tell it?',
      expect: 'Kind comes before meaning: nouns after “the wicked”. It uses both sides, which a GPT cannot.',
    },
    {
      title: 'Another text',
      task: 'Start a second run: the same model on the facts about countries, all 1,000 steps. Watch “Next sentence right”, and show both runs in the plot. With time left, start a third without masked words (MLM off).',
      look: 'For hundreds of steps nothing happens, then the curve climbs. What gives away in this text, and not in the novel, that B follows A?',
      expect:
        'Between steps 600 and 1,000 it climbs from a coin to 75 or 80 % of held-out pairs: all countries are described in the same order, area, climate, people, government, money. A novel has no such order. Without the masked words it ends near 70 %: they teach what words are like. The other way round NSP brings little, and RoBERTa left it out.',
    },
    {
      title: 'What went wrong',
      task: 'Ask the second run “Does B follow A?”: “The currency of Zambia is the kwacha.” and “Farmers in Zambia produce maize and sugarcane.” Then swap them. Then write Algeria in one of them. Then ask it for what is not in the text: “The president lives in a big white [MASK].”',
      look: 'It answers always, and in percent. What changes its judgement, the order of the two subjects or the country? What would somebody say who read for meaning?',
      expect:
        'The order changes much (78 % and 23 %), the country hardly anything: the model found that money comes before farming, and that was enough to be right. The data made the task easier than we meant. And the gap gets a word of the text, whatever it is.',
    },
  ],
};
