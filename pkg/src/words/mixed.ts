/** Sentences of which a part is set apart: a name in another face, a figure in bold. */

/** A sentence in pieces: words, and what they are set around. */
export type Mixed<T> = readonly (string | T)[];

/** Sets a text apart, such as a token in the face of code. */
export type SetApart<T> = (text: string) => T;

/** A text of the reader's own within a sentence that is plain text: it may run the other way (Unicode's FSI and PDI). */
export const isolated = (text: string): string => `\u2068${text}\u2069`;
