/** Short stories of our own, from which the game draws its pieces. */
import { insideWords } from '../../../words/inside.js';
import type { Example } from '../../controllers/beginning.js';
import type { InsideState } from '../schema.js';

const say = insideWords.masking.examples;

const BIRD = `The old woman lived in a small house at the edge of the forest. Every morning she went to the well and filled her bucket with water. One day in the winter she found a little bird lying in the snow. She took it in her hands and carried it home. She put it near the fire and gave it some bread. The bird slept all night in a box beside her bed. In the spring it opened its wings and flew away through the window.`;

const LETTER = `The postman knocked at the door and gave the boy a letter. It was for his father, who had gone to work early in the morning. The boy put it on the table and went to school. When he came home in the evening, the letter was open. His father was sitting by the window and did not say a word. "What does it say?" asked the boy. "Your uncle is coming to stay with us," said his father at last.`;

const SHIP = `The ship left the harbour before the sun came up. For three days the wind was good and the sea was quiet. On the fourth day the sky turned black and the waves grew as high as houses. The captain told the men to take down the sails. Water came over the side and one of the boats was lost. In the morning the storm was over and they saw land. They thanked God and rowed to the shore.`;

export const EXAMPLES: readonly Example<InsideState>[] = [
  {
    get name() {
      return say.bird;
    },
    state: { text: BIRD, seed: 1, stage: 0 },
  },
  {
    get name() {
      return say.letter;
    },
    state: { text: LETTER, seed: 1, stage: 0 },
  },
  {
    get name() {
      return say.ship;
    },
    state: { text: SHIP, seed: 1, stage: 0 },
  },
];

/** Where pieces from elsewhere come from. */
export const STORIES: readonly string[] = [BIRD, LETTER, SHIP];
