/** The view From scratch. */

/** The view From scratch in English. */
export const scratch = {
  label: 'From scratch',
  about:
    'A new model knows nothing: its weights are drawn at random. It learns from the text that you give it, and from nothing else.',
};
