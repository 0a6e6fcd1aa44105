'use client';

import { pipeline } from 'cloze';
import 'cloze/elements';
import 'cloze-models';
import type {} from 'cloze/react';
import { useEffect, useState } from 'react';

async function predict(): Promise<string> {
  const unmask = await pipeline('fill-mask');
  const [first] = await unmask('She opened the [MASK] and went in.', { top_k: 3 });
  return `${first?.token_str} ${first?.score}`;
}

export default function Page() {
  const [answer, setAnswer] = useState('');
  useEffect(() => {
    predict().then(setAnswer, (error: unknown) => setAnswer(`failed: ${error}`));
  }, []);
  return (
    <main>
      <h1>A consumer</h1>
      <output id="answer">{answer}</output>
      <cloze-fill-mask autorun={false} model-name="own" oncloze-result={(event) => console.log(event.detail.text)} />
    </main>
  );
}
