/**
 * A training worker: owns one instance of the training core and one thing that learns. The bundle puts the glue of the
 * training builds in the place of inference's (`scripts/bundle.mjs`), and this beside `thread.js` in `dist/training/`.
 */
import { instantiate } from '../../worker/instance.js';
import type { TrainingCore } from '../core.js';
import { serveTraining } from './serve.js';

serveTraining(
  {
    post: (message) => postMessage(message),
    listen: (receive) => addEventListener('message', (event) => receive(event.data)),
  },
  async (start) => (await instantiate(start)) as unknown as TrainingCore,
);
