/** The elements in JSX; it is compiled and not run. */
import type {} from 'cloze/react';
import 'cloze/elements/fill-mask';

export const page = (
  <cloze-fill-mask
    autorun
    model-name="own"
    dtype="q8"
    state={{ text: 'A [MASK].' }}
    oncloze-result={({ detail }) => detail.text.toUpperCase()}
    oncloze-ready={({ detail }) => detail.runtime.build}
  />
);
// @ts-expect-error: no such type of weights
export const wrong = <cloze-generate dtype="q5" />;
