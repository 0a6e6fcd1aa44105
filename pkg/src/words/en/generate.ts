/** The Generate screen: texts and conversations. */
import { isolated, type Mixed, type SetApart } from '../mixed.js';

/** The Generate screen in English. */
export const generate = {
  about: (model: string) =>
    `${model} reads from left to right and gives every token of its vocabulary a probability of coming next. One of them is drawn and added to the text, and so on, token by token.`,
  ownModel: 'GPT-2',
  someModel: 'A language model',
  help: {
    term: 'a language model that reads left to right',
    text: 'Such a model learned by guessing the next token of a great many texts, never seeing what comes after. Writing is nothing but this guess, made again and again.',
  },
  chats:
    'This one was trained further on conversations. What was said goes into one text, with marks for who speaks; the answer is what the model writes on from there.',
  own: 'The model that comes with Cloze is small (14 million parameters, a ninth of the smallest GPT-2) and has read old story books, in English: it writes in their manner, but soon loses the thread.',

  mode: 'What to do',
  chatMode: 'Chat',
  textMode: 'Continue a text',

  text: {
    verb: 'Generate',
    doing: 'Reading the prompt.',
    examples: {
      once: 'Once upon a time',
      storm: 'A storm at sea',
      talk: 'A conversation',
      loop: 'A greedy loop',
    },
    prompt: 'Prompt',
    placeholder: 'How does the text begin?',
    noPrompt: 'Type how the text begins, or choose an example above.',
    empty: [
      'The text will be written here, token by token; each can be opened to see what else could have come.',
      'Choose an example, or type how a text begins and press Generate.',
    ],
  },

  chat: {
    verb: 'Send',
    doing: 'Reading the conversation.',
    examples: {
      volcano: 'A volcano',
      opposite: 'An opposite',
      capital: 'A capital',
    },
    message: 'Message',
    firstPlaceholder: 'Ask something.',
    nextPlaceholder: 'Answer, or ask further.',
    noMessage: 'Type a message, or choose an example above.',
    tooLong: 'The conversation has grown longer than the model can read. Begin a new chat, or shorten the message.',
    newChat: 'New chat',
    continueAnswer: 'Continue answer',
    continueAbout: 'The model goes on with its last answer, as where it ended at the length that was set.',
    newConversation: 'A new conversation.',
    linkContent:
      'Whoever opens it sees this screen, with the message box, the system message and the settings; what was said is not in it.',
    system: 'System message',
    systemAbout: 'What the model is told before the conversation; empty, its own template says something.',
    conversation: 'Conversation',
    empty: [
      'The conversation will stand here. It stays on this device.',
      'Choose an example, or type a message and press Send.',
    ],
    who: { user: 'You', assistant: 'Model', model: (name: string) => `Model ${isolated(name)}` },
    said: (who: string, what: string) => `${who}: ${what}`,
  },

  settings: {
    fromFiles: (source: string) =>
      `They begin with what the model’s ${source} says; what it leaves open, with what suits the screen.`,
    ggufFile: 'GGUF file',
    notFollowed: (names: string) => `Not followed of it: ${names}.`,
    howTaken: 'How the next token is taken',
    sampling: 'Sampling',
    samplingAbout: 'drawn by chance',
    greedy: 'Greedy',
    greedyAbout: 'always the likeliest',
    sampled: (temperature: number, tokens: number) => `sampling at ${temperature}, ${tokens} tokens`,
    sampledWithSeed: (temperature: number, tokens: number, seed: number) =>
      `sampling at ${temperature}, ${tokens} tokens, seed ${seed}`,
    greedily: (tokens: number) => `greedy, ${tokens} tokens`,
    max_new_tokens: {
      label: 'Length',
      about:
        'At most so many tokens are written; a word is one or a few. Writing also ends where the model’s context is full.',
    },
    temperature: {
      label: 'Temperature',
      about: 'Below 1 the likely becomes likelier, above 1 the text grows wilder.',
    },
    top_k: {
      label: 'Top-k',
      about: 'Only the k likeliest tokens are drawn from; 0 is off.',
      help: {
        term: 'top-k sampling',
        text: 'Each token of the long tail is unlikely, but together they come up often and derail a text. Top-k cuts the tail off at a fixed number of tokens.',
      },
    },
    top_p: {
      label: 'Top-p',
      about: 'Only the likeliest tokens that together reach p; 1 is off.',
      help: {
        term: 'top-p sampling',
        text: 'Also called nucleus sampling: few tokens are left where the model is sure, many where it is not. A fixed number of tokens cannot do both.',
      },
    },
    min_p: {
      label: 'Min-p',
      about: 'Only tokens with at least this share of the likeliest one’s probability; 0 is off.',
      help: {
        term: 'min-p sampling',
        text: 'The limit moves with the likeliest token: high where the model is sure, low where it is not. It stays sensible at high temperatures.',
      },
    },
    repetition_penalty: {
      label: 'Repetition penalty',
      about: 'Above 1, tokens already in the text become less likely; 1 is off.',
      help: {
        term: 'the repetition penalty',
        text: 'Small models fall into loops, as a repeated phrase makes its own repetition likelier. Dividing the scores of tokens already used breaks the loop.',
      },
    },
    no_repeat_ngram_size: {
      label: 'No phrase twice, in tokens',
      about: 'So many tokens in a row never come twice, those of the prompt included; 0 allows all.',
    },
    stop: 'Stop strings',
    stopAbout: <T>(token: SetApart<T>): Mixed<T> => [
      'Writing ends before any of these; one per line, ',
      token('\\n'),
      ' is a line break.',
    ],
  },
};
