import { pipeline } from 'cloze';
import 'cloze/elements';
import 'cloze-models';

const answer = document.querySelector('#answer');

try {
  const unmask = await pipeline('fill-mask');
  const [first] = await unmask('She opened the [MASK] and went in.', { top_k: 3 });
  answer.textContent = `${first.token_str} ${first.score}`;
} catch (error) {
  answer.textContent = `failed: ${error.code}: ${error.message}`;
}
