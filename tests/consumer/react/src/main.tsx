import { pipeline } from 'cloze';
import type { ClozeFillMask } from 'cloze/elements';
import 'cloze/elements/fill-mask';
import 'cloze-models';
import type {} from 'cloze/react';
import { StrictMode, useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

async function predict(): Promise<string> {
  const unmask = await pipeline('fill-mask');
  const [first] = await unmask('She opened the [MASK] and went in.', { top_k: 3 });
  return `${first?.token_str} ${first?.score}`;
}

function App() {
  const [answer, setAnswer] = useState('');
  const [said, setSaid] = useState('');
  const [words, setWords] = useState(3);
  const element = useRef<ClozeFillMask>(null);
  useEffect(() => {
    predict().then(setAnswer, (error: unknown) => setAnswer(`failed: ${error}`));
  }, []);
  return (
    <main>
      <h1>A consumer</h1>
      <output id="answer">{answer}</output>
      <cloze-fill-mask
        ref={element}
        className="wide"
        state={{ top_k: words }}
        oncloze-result={({ detail }) => setSaid(`${detail.text} ${detail.masks[0]?.candidates.length}`)}
      />
      <button onClick={() => setWords(2)}>Fewer</button>
      <button onClick={() => void element.current?.run()}>Ask</button>
      <output id="said">{said}</output>
    </main>
  );
}

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
