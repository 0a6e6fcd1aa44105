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
      task: 'Choose a GPT and let it continue a question, before any step is done.',
      look: 'Does it answer? What does it take a question to be?',
      expect:
        'It continues: with more questions, or a story in which someone asks. For a language model a question is a text like any other.',
    },
    {
      title: 'Examples of answers',
      task: 'Do the first step: supervised examples. Compare the answers before and after.',
      look: 'What did it take over: the form, the tone, or the facts? How many examples did it need for that?',
      expect: 'Form and tone, within a few dozen examples. Facts that it did not have before it does not have now.',
    },
    {
      title: 'Your choices',
      task: 'Do the second step: choose the better of two answers, at least ten times, by one rule that you keep to yourself. Train the reward model.',
      look: 'Let the reward model score new answers, and let a neighbour guess your rule from the scores.',
      expect:
        'The reward model is a guess at the rule from few choices; length and politeness are found easily, truth is not.',
    },
    {
      title: 'Towards what is chosen',
      task: 'Do the third step (DPO: it learns from the pairs directly). Compare the answers before and after.',
      look: 'What became likelier, and what was lost?',
      expect:
        'Answers move towards the chosen ones and away from the others. With few pairs they become uniform: variety is lost.',
    },
    {
      title: 'What went wrong',
      task: 'Begin again, and always choose the longer answer (or the rudest, or the one that says yes). Do the last step and ask something.',
      look: 'Did the model become better? Who decided what better is?',
      expect:
        'It became what was chosen. Choices are data: whoever makes them decides, and what they do not look at (truth) is not learnt.',
    },
  ],
};
