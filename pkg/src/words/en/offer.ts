/** The better model that screens offer. */

/** The offer in English. */
export const offer = {
  label: 'A better model',
  better: (name: string) => `Better with ${name}.`,
  take: (name: string, size: string) => `Use ${name} (${size})`,
  back: 'Back to the small model',
  fromHere: 'Fetched once and kept in this browser; like everything here it runs on this device.',
  fromHost: (host: string) =>
    `Fetched once from ${host} and kept in this browser; like everything here it runs on this device.`,
  /** What it is better at, by screen. */
  forGenerate:
    'It has ten times the parameters and was trained on 2 million million tokens of web text, then on conversations: it answers questions, and its texts keep their thread.',
  forSummarize:
    'It was taught to follow instructions, and is simply asked for a summary: it says in its own words what a text is about. It is small, too, and gets things wrong: check it against the text.',
};
