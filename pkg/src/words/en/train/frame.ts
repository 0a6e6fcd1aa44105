/** The frame of the Train screen. */

/** The frame of the Train screen in English. */
export const frame = {
  about:
    'Here a model learns while you watch: on this device, in this page, without a server. No text and no weight leaves it.',
  view: 'What to train',
};
