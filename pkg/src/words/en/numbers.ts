/** Numbers, units and tokens in words. */

/** How a thing is called, by the plural category of its number (`Intl.PluralRules`). */
export interface Noun {
  readonly one: string;
  readonly other: string;
}

const noun = (one: string): Noun => ({ one, other: `${one}s` });

/** Numbers, units and tokens in English. */
export const numbers = {
  /** For `Intl`: British English, with the date before the month. */
  locale: 'en-GB',
  nouns: {
    byte: noun('byte'),
    answer: noun('answer'),
    candidate: noun('candidate'),
    character: noun('character'),
    choice: noun('choice'),
    class: { one: 'class', other: 'classes' },
    entity: { one: 'entity', other: 'entities' },
    epoch: noun('epoch'),
    example: noun('example'),
    file: noun('file'),
    layer: noun('layer'),
    line: noun('line'),
    mask: noun('mask'),
    pair: noun('pair'),
    sentence: noun('sentence'),
    step: noun('step'),
    token: noun('token'),
    update: noun('update'),
    window: noun('window'),
  },
  counted: (figure: string, noun: string) => `${figure} ${noun}`,
  secondsLeft: (figure: string) => `${figure}\u00a0s left`,
  minutesLeft: (figure: string) => `${figure}\u00a0min left`,
  hoursLeft: (figure: string) => `${figure}\u00a0h left`,
  amountOf: (part: string, whole: string) => `${part} of ${whole}`,
  perSecond: (amount: string) => `${amount}/s`,
  tokensPerSecond: (figure: string) => `${figure} tokens/s`,
  lineBreak: 'line break',
  blankLine: 'blank line',
  nothingVisible: 'nothing visible',
  space: 'space',
  /** Bytes that are part of a character, hexadecimal. */
  bytes: (digits: string) => ` bytes ${digits} `,
};
