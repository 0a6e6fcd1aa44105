/** Messages of a conversation: what a template is given, and what comes back. */
import type { ChatRequest } from '../../border/core.js';
import { invalidOption } from '../../border/errors.js';
import type { ChatMessage, ChatOptions, ChatTurn } from '../../border/types.js';
import { optionErrors } from '../../words/page/index.js';
import { optionalBoolean, present } from './options.js';

/**
 * A value as JSON has it: what cannot cross to a worker (a function, a proxy of some framework) is left out or unwrapped, and
 * fields keep their order.
 */
function plain<T>(name: string, value: T): T {
  try {
    return JSON.parse(JSON.stringify(value)) as T;
  } catch (error) {
    throw invalidOption(name, optionErrors.noJson(String(error)));
  }
}

function isMessage(message: unknown): message is ChatTurn {
  if (typeof message !== 'object' || message === null) return false;
  const { role, content } = message as Partial<ChatTurn>;
  return typeof role === 'string' && content !== undefined;
}

/** What the core is asked with, with messages that are some. */
type Request = Omit<ChatRequest, 'messages'> & { messages: ChatTurn[] };

/** Whether the last message is continued: `transformers` does so with the assistant's. Calls of tools are no text. */
const continues = ({ messages, continue_final_message }: Request): boolean => {
  const last = messages.at(-1);
  return continue_final_message ?? (last?.role === 'assistant' && hasText(last.content));
};

const hasText = (content: ChatTurn['content']): boolean =>
  Array.isArray(content)
    ? content.some((part: Readonly<Record<string, unknown>> | null) => typeof part?.text === 'string')
    : typeof content === 'string';

/** The same from what a caller passes. */
export function chatRequest(messages: readonly unknown[], options: ChatOptions): Request {
  const wrong = messages.findIndex((message) => !isMessage(message));
  if (wrong >= 0) throw invalidOption('messages', optionErrors.message(wrong));
  const list = (name: 'tools' | 'documents'): readonly object[] | undefined => {
    const value: unknown = options[name];
    if (value === undefined) return undefined;
    const isList = Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null);
    if (!isList) throw invalidOption(name, optionErrors.objects);
    return plain(name, value as object[]);
  };
  const { tokenizer_encode_kwargs: variables } = options;
  if (variables !== undefined && (typeof variables !== 'object' || Array.isArray(variables)))
    throw invalidOption('tokenizer_encode_kwargs', optionErrors.noObject);
  return {
    messages: plain('messages', messages) as ChatTurn[],
    ...present({
      tools: list('tools'),
      documents: list('documents'),
      variables: variables && plain('tokenizer_encode_kwargs', variables),
      continue_final_message: optionalBoolean('continue_final_message', options.continue_final_message),
    }),
  };
}

/** The conversation with what was written: joined to the last message, or as the next. `whole`: with all before it. */
export function answered(request: Request, text: string, whole: boolean): ChatTurn[] {
  const { messages } = request;
  if (!continues(request))
    return [...(whole ? messages : []), { role: 'assistant', content: text } satisfies ChatMessage];
  const { role, content } = messages.at(-1)!;
  const joined = { role, content: whole ? withText(content, text) : text };
  return [...(whole ? messages.slice(0, -1) : []), joined];
}

/** Content with text behind its own; of several parts, behind the last that is text. */
function withText(content: ChatTurn['content'], text: string): ChatTurn['content'] {
  if (!Array.isArray(content)) return `${(content as string | null) ?? ''}${text}`;
  const last = content.findLastIndex((part: Readonly<Record<string, unknown>>) => typeof part.text === 'string');
  return content.map((part: Readonly<Record<string, unknown>>, index) =>
    index === last ? { ...part, text: `${String(part.text)}${text}` } : part,
  );
}
