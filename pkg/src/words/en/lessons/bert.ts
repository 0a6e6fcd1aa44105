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
        'First “the” and commas everywhere. “Next sentence right” stays near 50 %, which is guessing: of a whole pair the model is told one thing, yes or no, and of the masked words something at each of them. One number hides two tasks, and here one of the two is not learnt.',
    },
    {
      title: 'Ask it',
      task: 'Under “Words out of noise”, write a “Sentence with [MASK]” from the world of the text, such as “The wicked [MASK] was afraid of water.”, and let it run to the end.',
      look: 'Compare the guesses at the chosen steps. Are wrong guesses of the right kind (a noun, a person)? What do the words on both sides tell it?',
      expect: 'Kind comes before meaning: nouns after “the wicked”. It uses both sides, which a GPT cannot.',
    },
    {
      title: 'Take one thing away',
      task: 'Start a second run without next sentences (NSP off), or with “Always [MASK]”. Show both runs in the plot.',
      look: 'Everything else is the same. Which curve differs, and by how much? Would another seed differ as much?',
      expect:
        'Without NSP, the loss for masked words is about the same in so short a run: a small difference may be chance, which only more seeds would tell. RoBERTa left NSP out for that reason.',
    },
    {
      title: 'What went wrong',
      task: 'Ask for what is not in the text: “The president lives in a big white [MASK].” Then ask “Does B follow A?” with two sentences of the text in the wrong order.',
      look: 'It answers all the same. Which sentences of the text did the guess come from? Does its judgement change with the order, or with sentences that have nothing to do with each other?',
      expect:
        'Its guesses are words of the text. Its judgement is hardly more than a coin, whatever the pair, and it is given in percent all the same. A model that had learnt the task would not need the order either: wrong pairs came from elsewhere, so that “about the same thing” is enough. The data made the task easier than we meant.',
    },
  ],
};
