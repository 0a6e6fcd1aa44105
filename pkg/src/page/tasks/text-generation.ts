/** Text generation: a text is continued, a conversation answered. */
import { invalidOption } from '../../border/errors.js';
import type { GenerationDone } from '../../border/protocol.js';
import type {
  ChatOutput,
  ChatTurn,
  Conversation,
  GeneratedToken,
  SamplingOptions,
  TextGenerationOptions,
  TextGenerationOutput,
} from '../../border/types.js';
import { followAbort } from '../abort.js';
import { optionErrors } from '../../words/page/index.js';
import { given } from '../options.js';
import { each, type PipelineBase, type TaskRunner } from './base.js';
import { answered, chatRequest } from './messages.js';
import { present, requireString } from './options.js';
import { samplingOptions, writeEach, Writing } from './writing.js';

/** Options that ask for several texts. */
export interface SeveralOptions extends TextGenerationOptions {
  /** Continuations of each text. */
  num_return_sequences: number;
}

/**
 * Continues a text, or answers a conversation where the model comes with a chat template.
 *
 * @example
 * ```ts
 * const generate = await pipeline('text-generation');
 * const [{ generated_text }] = await generate('Once upon a time', { max_new_tokens: 60, seed: 1 });
 *
 * const chat = await pipeline('text-generation', '/models/SmolLM2-135M-Instruct.Q4_1.gguf');
 * const messages = [{ role: 'user', content: 'Why is the sky blue?' }];
 * const [answer] = await chat(messages, { do_sample: false });
 * console.log(answer.generated_text.at(-1).content);
 * ```
 */
export interface TextGenerationPipeline extends PipelineBase {
  /** Its name. */
  readonly task: 'text-generation';
  /**
   * Rejects with `empty_input`, `input_too_long`, `invalid_option`; when stopped with `aborted`, whose `partial` holds
   * `{text, tokens, seed}`.
   */
  (prompt: string, options: SeveralOptions): Promise<TextGenerationOutput[]>;
  /** The same without `num_return_sequences`: one text. */
  (prompt: string, options?: TextGenerationOptions): Promise<[TextGenerationOutput]>;
  /**
   * The next turn; of a last message of the assistant, the rest, joined to it. Rejects besides with `no_chat_template`, and with
   * `chat_template`, whose `details.problem` says whether the template cannot be read, refuses the messages, does not fit them or
   * does not end.
   */
  (messages: readonly ChatTurn[], options: SeveralOptions): Promise<ChatOutput[]>;
  /** The same without `num_return_sequences`: one answer. */
  (messages: readonly ChatTurn[], options?: TextGenerationOptions): Promise<[ChatOutput]>;
  /** Several texts, and of each as many continuations as are asked for. */
  (prompts: string[], options: SeveralOptions): Promise<TextGenerationOutput[][]>;
  /** Several texts, one after the other: a result as of one text for each. */
  (prompts: string[], options?: TextGenerationOptions): Promise<[TextGenerationOutput][]>;
  /** Several conversations, and of each as many answers as are asked for. */
  (conversations: readonly (readonly ChatTurn[])[], options: SeveralOptions): Promise<ChatOutput[][]>;
  /** Several conversations. */
  (conversations: readonly (readonly ChatTurn[])[], options?: TextGenerationOptions): Promise<[ChatOutput][]>;
  /** The tokens as they are written; the generator's return value is the result. Leaving the loop stops the writing. */
  stream(prompt: string, options?: TextGenerationOptions): AsyncGenerator<GeneratedToken, TextGenerationOutput, void>;
  /** The same of a conversation. */
  stream(
    messages: readonly ChatTurn[],
    options?: TextGenerationOptions,
  ): AsyncGenerator<GeneratedToken, ChatOutput, void>;
}

type Prompt = string | readonly ChatTurn[];
type Output = TextGenerationOutput | ChatOutput;

/** Options that say nothing of a text. */
const OF_CONVERSATIONS = [
  'tools',
  'documents',
  'continue_final_message',
  'chat_template',
  'tokenizer_encode_kwargs',
] as const;

/** A template that is named beside the variables, as in transformers.js, among them, as in transformers. */
const withTemplate = ({ chat_template, ...options }: TextGenerationOptions): TextGenerationOptions =>
  chat_template === undefined
    ? options
    : { ...options, tokenizer_encode_kwargs: { chat_template, ...options.tokenizer_encode_kwargs } };

const isConversation = (prompt: Prompt): prompt is readonly ChatTurn[] => Array.isArray(prompt);

/** Whether something is several prompts: a conversation is a list as well, of objects. */
const areSeveral = (prompt: unknown): prompt is readonly Prompt[] =>
  Array.isArray(prompt) && (typeof prompt[0] === 'string' || Array.isArray(prompt[0]));

/** Makes the pipeline. */
export function textGeneration(runner: TaskRunner): TextGenerationPipeline {
  const { info } = runner.loaded;

  /** One text: `begin` asks for it, `whole` makes `generated_text` of it. */
  async function written<T>(
    writing: Writing,
    seed: number,
    begin: () => Promise<GenerationDone>,
    whole: (text: string) => T,
  ): Promise<Omit<TextGenerationOutput, 'generated_text'> & { generated_text: T }> {
    try {
      const done = await begin();
      return { generated_text: whole(done.text), ...writing.result(done, seed) };
    } catch (error) {
      throw writing.withPartial(error, seed);
    }
  }

  async function call(prompt: Prompt, options: TextGenerationOptions): Promise<Output[]> {
    const { signal, replace, return_full_text = true } = options;
    const conversation = isConversation(prompt) ? chatRequest(prompt, withTemplate(options)) : undefined;
    const text = conversation ? '' : requireString('prompt', prompt);
    const misplaced = conversation ? undefined : OF_CONVERSATIONS.find((name) => options[name] !== undefined);
    if (misplaced !== undefined) throw invalidOption(misplaced, optionErrors.ofConversations);
    return writeEach<Output>(options, samplingOptions(options), info, (sampling, index) => {
      const writing = new Writing(options, runner.specialIds);
      const settings = present({ signal, replace: index === 0 ? replace : undefined });
      const params = { options: sampling satisfies SamplingOptions, ...writing.echo };
      const { seed } = sampling;
      if (conversation) {
        const begin = (): Promise<GenerationDone> =>
          runner.call('chat', { conversation, ...params }, settings, writing.hear);
        const whole = (answer: string): Conversation =>
          answered(conversation, answer, return_full_text) as Conversation;
        return written(writing, seed, begin, whole);
      }
      const begin = (): Promise<GenerationDone> =>
        runner.call('generate', { prompt: text, ...params }, settings, writing.hear);
      return written(writing, seed, begin, (more) => (return_full_text ? text + more : more));
    });
  }

  async function* stream(prompt: Prompt, asked?: TextGenerationOptions): AsyncGenerator<GeneratedToken, Output, void> {
    if (areSeveral(prompt)) throw invalidOption('prompt', optionErrors.oneAtATime);
    const options = given('text-generation', asked);
    if ((options.num_return_sequences ?? 1) !== 1) throw invalidOption('num_return_sequences', optionErrors.oneStream);
    const { controller: stop, unfollow } = followAbort(options.signal);
    const ready: GeneratedToken[] = [];
    let wake = (): void => undefined;
    let ended = false;
    const result = call(prompt, {
      ...options,
      signal: stop.signal,
      on_token: (token, index) => {
        options.on_token?.(token, index);
        ready.push(token);
        wake();
      },
    });
    // Waited for below; until then a rejection must not count as unhandled.
    result
      .catch(() => undefined)
      .finally(() => {
        ended = true;
        wake();
      });
    try {
      for (;;) {
        for (let token = ready.shift(); token; token = ready.shift()) yield token;
        if (ended) return (await result)[0]!;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      unfollow();
      stop.abort();
    }
  }

  async function answer(
    prompt: Prompt | readonly Prompt[],
    asked?: TextGenerationOptions,
  ): Promise<Output[] | Output[][]> {
    const options = given('text-generation', asked);
    return areSeveral(prompt) ? each(prompt, options, call) : call(prompt, options);
  }

  type Streamed<Result> = AsyncGenerator<GeneratedToken, Result, void>;
  function streamed(prompt: string, options?: TextGenerationOptions): Streamed<TextGenerationOutput>;
  function streamed(messages: readonly ChatTurn[], options?: TextGenerationOptions): Streamed<ChatOutput>;
  function streamed(prompt: Prompt, options?: TextGenerationOptions): Streamed<Output> {
    return stream(prompt, options);
  }

  // What comes out follows from what goes in.
  return runner.pipeline('text-generation', answer as TextGenerationPipeline, { stream: streamed });
}
