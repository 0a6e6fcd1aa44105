/** The lesson on fine-tuning. */
import type { LessonWords } from './lesson.js';

/** The lesson on fine-tuning in English. */
export const fineTuning: LessonWords = {
  title: 'Fine-tuning: a task of your own',
  aim: 'You teach a BERT that has read much a new task from forty examples, and find out what it really goes by.',
  question:
    'A classifier was taught with forty sentences by Jane Austen and Rudyard Kipling. To “The elephant came to tea.” it says “Kipling, 97 %”. Kipling did not write it. Why is it so sure?',
  answer:
    'Elephants and jungles stood in Kipling’s examples alone, so that such words are its evidence; and it can only answer with the labels that it was given. What it says is what its examples suggest, not knowledge of who wrote what.',
  steps: [
    {
      title: 'What is predicted',
      task: 'Start from the table “Who wrote this sentence?” and read ten examples of each author.',
      look: 'The model learns to say a label for a sentence. By what would you tell the authors apart? Write two signs down.',
      expect:
        'Style (long sentences, “could not but”) and subject (animals; marriage, houses). Keep the list: the last step comes back to it.',
    },
    {
      title: 'Forty examples',
      task: 'Press Start, with forty sentences to learn from and the rest held back.',
      look: 'How many of those held back are right? How many would be by guessing? Why does so little suffice here, when a model from scratch needs a book?',
      expect:
        'About 95 % against 50 %. The lower layers have read millions of words before; only what is on top is new.',
    },
    {
      title: 'Which are wrong',
      task: 'Look at “What it took for what”, and at “Wrong ones”, the surest first.',
      look: 'What have they in common? Would you have known?',
      expect:
        'Mostly sentences of the one author about what is typical of the other (Austen about a dog, Kipling about a family), or about nothing in particular.',
    },
    {
      title: 'Teach it wrongly',
      task: 'Move a third of one author’s lines under the other’s heading, or delete all but five of each, and start again.',
      look: 'How far does the accuracy on the held-back examples fall? Does the model notice that it is taught nonsense?',
      expect:
        'It falls, and the model notices nothing: labels are all the truth that it has. (The examples held back have wrong labels too: a good class sees that the measure suffers as well.)',
    },
    {
      title: 'What went wrong',
      task: 'Take the true table again, train, and try sentences of your own: about elephants and tea, about nothing, in another language.',
      look: 'It always answers with one of the labels, often surely. Change one word at a time: which words turn it? Compare with the two signs you wrote down.',
      expect:
        'Nouns turn it, style hardly. “Neither” was not among the labels. A high percentage is no proof: it compares two labels, and nothing else.',
    },
  ],
};
