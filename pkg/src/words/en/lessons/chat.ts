/** The lesson on ChatGPT's three steps. */
import type { LessonWords } from './lesson.js';

/** The lesson on ChatGPT's three steps in English. */
export const chat: LessonWords = {
  title: 'ChatGPT’s three steps',
  aim: 'You turn a model that continues texts into one that answers, by examples and by your own choices, and see what choices do.',
  question:
    'People were shown two answers each time and always chose the longer one. Now the model gives long answers that are often wrong. Why?',
  answer:
    'It was trained to give answers like those that were chosen. Length was what the choices had in common, so that length is what it learnt to be rewarded; nobody’s choice said anything about truth. The choices are training data, too.',
  steps: [
    {
      title: 'What is predicted',
      task: 'Choose a GPT. Before any step, put a question under “Ask it yourself”.',
      look: 'Does it answer? What does it take a question to be?',
      expect:
        'It continues: with more questions, or a story in which someone asks. For a language model a question is a text like any other.',
    },
    {
      title: 'Examples of answers',
      task: 'Do step 1, “Answers to imitate”. Compare the samples before and after it.',
      look: 'What did it take over: the form, the tone, or the facts? How many examples did it need for that?',
      expect: 'Form and tone, within a few dozen examples. Facts that it did not have before it does not have now.',
    },
    {
      title: 'Your choices',
      task: 'Do step 2: choose the better of two answers, twenty times or more, by one rule that you keep to yourself. Then press Start there.',
      look: '“Ask the judge” for scores of answers that you think up, and let a neighbour guess your rule from them.',
      expect:
        'The reward model is a guess at the rule from few choices; length and politeness are found easily, truth is not.',
    },
    {
      title: 'Towards what is chosen',
      task: 'Do step 3, “A push towards what you chose”. Compare the samples before and after it.',
      look: 'What became likelier, and what was lost?',
      expect:
        'Answers move towards the chosen ones and away from the others. With few pairs they become uniform: variety is lost.',
    },
    {
      title: 'What went wrong',
      task: 'Press “Begin anew”, remove your choices, and now always choose the longer answer (or the rudest, or the one that says yes). Take the steps again and ask something.',
      look: 'Did the model become better? Who decided what better is?',
      expect:
        'It became what was chosen. Choices are data: whoever makes them decides, and what they do not look at (truth) is not learnt.',
    },
  ],
};
