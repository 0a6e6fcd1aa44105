/** The papers that the screens refer to. Plain links: nothing is loaded from them. */
export const papers = {
  bert: { title: 'BERT, 2018', href: 'https://arxiv.org/abs/1810.04805' },
  gpt2: {
    title: 'GPT-2, 2019',
    href: 'https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf',
  },
  gpt: {
    title: 'GPT, 2018',
    href: 'https://cdn.openai.com/research-covers/language-unsupervised/language_understanding_paper.pdf',
  },
  attention: { title: 'Attention Is All You Need, 2017', href: 'https://arxiv.org/abs/1706.03762' },
  logitLens: {
    title: 'The logit lens, 2020',
    href: 'https://www.lesswrong.com/posts/AcKRB8wDpdaN6v6ru/interpreting-gpt-the-logit-lens',
  },
  squad2: { title: 'SQuAD 2.0, 2018', href: 'https://arxiv.org/abs/1806.03822' },
  conll: { title: 'CoNLL-2003', href: 'https://arxiv.org/abs/cs/0306050' },
  wordpiece: { title: 'WordPiece, 2016', href: 'https://arxiv.org/abs/1609.08144' },
  maskPredict: { title: 'Mask-Predict, 2019', href: 'https://arxiv.org/abs/1904.09324' },
  topK: { title: 'Top-k sampling, 2018', href: 'https://arxiv.org/abs/1805.04833' },
  nucleus: { title: 'Nucleus sampling, 2019', href: 'https://arxiv.org/abs/1904.09751' },
  minP: { title: 'Min-p sampling, 2024', href: 'https://arxiv.org/abs/2407.01082' },
  repetition: { title: 'CTRL, 2019', href: 'https://arxiv.org/abs/1909.05858' },
  elmo: { title: 'ELMo, 2018', href: 'https://arxiv.org/abs/1802.05365' },
  scoring: { title: 'Masked language model scoring, 2020', href: 'https://arxiv.org/abs/1910.14659' },
  instructGpt: { title: 'InstructGPT, 2022', href: 'https://arxiv.org/abs/2203.02155' },
  dpo: { title: 'DPO, 2023', href: 'https://arxiv.org/abs/2305.18290' },
  ppo: { title: 'PPO, 2017', href: 'https://arxiv.org/abs/1707.06347' },
  sentencePiece: { title: 'SentencePiece, 2018', href: 'https://arxiv.org/abs/1808.06226' },
} as const;

/** One entry of {@link papers}. */
export interface Paper {
  readonly title: string;
  readonly href: string;
}
