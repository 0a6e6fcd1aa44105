import { ClozeError, pipeline } from 'cloze';
import 'cloze/elements';
import 'cloze-models';

const answer = document.querySelector('#answer')!;

try {
  const unmask = await pipeline('fill-mask');
  const [best] = await unmask('She opened the [MASK] and went in.', { top_k: 3 });
  const first = Array.isArray(best) ? best[0] : best;
  answer.textContent = `${first?.token_str} ${first?.score}`;
} catch (error) {
  answer.textContent = error instanceof ClozeError ? `failed: ${error.code}: ${error.message}` : `failed: ${error}`;
}
