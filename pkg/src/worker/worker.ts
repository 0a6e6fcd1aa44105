/** A model's worker: owns one instance of the core and one model, and serves calls one after the other. */
import { instantiate } from './instance.js';
import { serve } from './serve.js';

serve(
  {
    post: (message) => postMessage(message),
    listen: (receive) => addEventListener('message', (event) => receive(event.data)),
  },
  instantiate,
);
