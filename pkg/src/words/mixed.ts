/** Sentences of which a part is set apart: a name in another face, a figure in bold. */

/** A sentence in pieces: words, and what they are set around. */
export type Mixed<T> = readonly (string | T)[];

/** Sets a text apart, such as a token in the face of code. */
export type SetApart<T> = (text: string) => T;
