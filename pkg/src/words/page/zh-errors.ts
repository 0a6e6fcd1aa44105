/** Chinese: errors of the core and of its training, which says them itself in English; by code, from their facts. */

/** Facts of an error. Which it has, its code says (`CoreErrorDetails`, `TrainingErrorDetails`). */
type Details = Readonly<Record<string, unknown>>;

/** A sentence about the facts. */
type Sentence = (details: Details) => string | undefined;

/** Inputs by their names. */
const inputs: Readonly<Record<string, string>> = {
  text: '文本',
  prompt: '提示词',
  question: '问题',
  context: '文章',
  document: '文章',
  sentence: '句子',
};
const input = ({ input: name }: Details): string => inputs[String(name)] ?? String(name);

/** What a head is for, by its name. */
const purposes: Readonly<Record<string, string>> = {
  mlm: '掩码词',
  nsp: '下一句',
  lm: '下一个词元',
  qa: '问答',
  'sequence-classification': '文本分类',
  'token-classification': '词元标注',
};
const noHead =
  (head: string): Sentence =>
  ({ has }) => {
    const others = (has as string[]).map((name) => purposes[name] ?? name).join('、');
    const use = others === '' ? '它没有任何输出头，只能给出文本向量' : `它可以用于${others}`;
    return `这个检查点没有用于${purposes[head]}的输出头；${use}。请加载带有这种权重的模型。`;
  };

const megabytes = (bytes: unknown): string => `${(Number(bytes) / 1e6).toFixed(0)} MB`;
const problems: Readonly<Record<string, string>> = {
  unreadable: '无法读取模型的对话模板',
  refused: '模型的对话模板拒绝了这段对话',
  unfitting: '模型的对话模板不适合这段对话',
  endless: '模型的对话模板没完没了',
};
/** Examples are counted from 1 for people. */
const nth = ({ example }: Details): number => Number(example) + 1;
const cannot =
  (what: string): Sentence =>
  ({ architecture }) =>
    `这次训练的模型（${architecture}）${what}。`;

const core: Readonly<Record<string, Sentence>> = {
  invalid_config: ({ reason }) => `模型的配置不可用：${reason}`,
  invalid_weights: ({ reason }) => `权重文件不可用：${reason}`,
  truncated_weights: ({ place, missing }) =>
    `权重文件不完整，在${place}处中断${missing === undefined ? '' : `（缺${missing}字节）`}。`,
  missing_tensor: ({ tensor }) => `权重里没有这个模型所需的张量“${tensor}”。请检查文件是否完整、是否属于同一个模型。`,
  shape_mismatch: ({ tensor, expected, found }) =>
    `张量“${tensor}”的形状是[${(found as number[]).join(', ')}]；按模型文件的说明应为[${(expected as number[]).join(', ')}]。请检查它们是否属于同一个模型。`,
  invalid_tokenizer: ({ reason }) => `分词器不可用：${reason}`,
  empty_input: (details) => `${input(details)}是空的。`,
  input_too_long: (details) =>
    details['max_bytes'] === undefined
      ? `${input(details)}有${details['tokens']}个词元；这个模型最多读${details['max']}个。请缩短约${Number(details['tokens']) - Number(details['max'])}个词元。`
      : `文本长${megabytes(details['bytes'])}；一次最多读${megabytes(details['max_bytes'])}。请缩短。`,
  token_beyond_model: ({ token, id, rows }) =>
    `文本里有词元“${token}”，它是词表的第${id}个，而模型只认识${rows}个：这个词元加进了分词器，却没有加进模型。请去掉它。`,
  no_mask: ({ mask_token }) => `文本里没有${mask_token}。请在要猜的地方写${mask_token}。`,
  unknown_target: ({ target, pieces }) =>
    (pieces as string[]).length === 0
      ? `模型不认识“${target}”。请换一个词。`
      : `“${target}”不是单个词元（它会切成${(pieces as string[]).join(' ')}）。请换一个词。`,
  no_chat_template: () =>
    '这个模型没有对话模板：它会续写文本，但没有在对话上训练过。请给它文本，或加载为对话而做的模型，例如SmolLM2-135M-Instruct。',
  chat_template: ({ problem, reason, line }) =>
    `${problems[String(problem)]}：${reason}${line === undefined ? '' : `（模板第${line}行）`}。`,
  no_mlm_head: noHead('mlm'),
  no_nsp_head: noHead('nsp'),
  no_lm_head: noHead('lm'),
  no_qa_head: noHead('qa'),
  no_classification_head: noHead('sequence-classification'),
  no_tagging_head: noHead('token-classification'),
  wrong_architecture: ({ needed, found }) => `这项任务需要${needed}模型，而加载的是${found}模型。请换一个模型。`,
  unsupported: ({ reason }) => `不支持：${reason}`,
  beyond_build: ({ what }) => `这个精简版内核只读 BERT 常用的分词器，而该模型带有 ${what}。请改用完整版。`,
  invalid_option: ({ option, reason }) => (reason === undefined ? undefined : `选项“${option}”：${reason}`),
  out_of_memory: ({ bytes }) =>
    bytes === undefined
      ? '内存不足。请缩短文本、关闭其他标签页，或选择更小的模型。'
      : `内存不足，还需要${megabytes(bytes)}。请缩短文本、关闭其他标签页，或选择更小的模型。`,
  internal: ({ reason }) => (reason === undefined ? undefined : `模型核心内部出错：${reason}。请告诉我们。`),
  /** Only a crash tells how. */
  worker_failed: ({ how }) =>
    how === undefined
      ? undefined
      : `模型的worker崩溃了（${how}）。请再试一次，模型会重新加载。如果再次发生，请缩短文本或换更小的模型，并告诉我们。`,
};

const training: Readonly<Record<string, Sentence>> = {
  invalid_setting: ({ setting, reason }) => `设置“${setting}”：${reason}`,
  text_too_short: ({ tokens, sentences, needed }) =>
    tokens === undefined
      ? `文本的句子太少：训练部分或留出部分只有${sentences}个，每部分至少需要${needed}个。请增加文本，或用句号结束句子。`
      : `文本太短：有${tokens}个词元，这些设置需要${needed}个。请增加文本，或选择更小的上下文。`,
  diverged: ({ step }) => `第${step}步的损失已经不是数了。请选择较低的学习率，从上一个检查点重新开始。`,
  invalid_checkpoint: ({ reason }) => `检查点不可用：${reason}`,
  other_text: () => '这个检查点属于另一段文本的训练。',
  no_samples: cannot('没有可显示的文本：会写的是GPT和ELMo'),
  no_probes: cannot('不猜掩码词：会猜的是BERT（开启掩码词时）和XLNet'),
  no_next_sentence: cannot('不判断下一句：会判断的是学过下一句的BERT'),
  no_attention: cannot('没有注意力：有注意力的是BERT、GPT和XLNet'),
  no_word_vectors: cannot('没有双向的词向量：有的是ELMo'),
  no_examples: () => '没有可供学习的例子。',
  label_without_examples: ({ label }) => `标签“${label}”没有例子。请添加一些，或去掉这个标签。`,
  too_few_labels: ({ labels }) => `要区分文本，至少需要两个标签；现在有${labels}个。`,
  unknown_label: ({ label, example }) => `例子${example}的标签“${label}”不在标签之中。`,
  empty_example: ({ example }) => `例子${example}有空的文本或词。`,
  words_and_labels: ({ example, words, labels }) => `例子${example}有${words}个词，却有${labels}个标签。`,
  answer_not_in_context: ({ example }) => `例子${example}的答案不在文章中所说的位置。`,
  too_much_to_keep: ({ bytes, most }) =>
    `不参与学习的层对这些例子的计算结果有${megabytes(bytes)}，最多保存${megabytes(most)}。请减少或缩短例子。`,
  nothing_held_out: () => '没有留出用来检验的例子。请提高留出比例，或增加例子。',
  other_data: () => '这个检查点属于另一批例子，或另一个模型。',
  empty_prompt: (details) => `例子${nth(details)}没有提示词。`,
  empty_response: (details) => `例子${nth(details)}的回答是空的。`,
  same_responses: (details) => `第${nth(details)}对的两个回答相同（就模型读到的部分而言）。`,
  no_phase: () => '还没有开始任何一步：请用例子或对子开始一步。',
  no_reward_model: () => '还没有奖励模型：请先用对子训练一个。',
  word_not_found: ({ word }) => `这些文本里都没有“${word}”这个词。`,
};

export const coreErrors: Readonly<Record<string, Sentence>> = { ...core, ...training };
