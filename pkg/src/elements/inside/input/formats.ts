/** The reader's text as the diagram of a format. */
import { insideWords } from '../../../words/inside.js';
import { hueOf } from '../drawing/drawing.js';
import type { FormattedText, FormatToken } from './compute.js';
import type { Diagram, DiagramHead, DiagramRow } from './diagram.js';

const say = insideWords.input.diagram;

/** Of each text at most so many tokens are drawn. */
const MOST = 11;

/** Model types whose name is written another way. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ bert: 'BERT', roberta: 'RoBERTa', distilbert: 'DistilBERT', albert: 'ALBERT', electra: 'ELECTRA' },
  ...{ gpt2: 'GPT', llama: 'Llama' },
};

const CUT = { token: '', output: '', cut: true } as const;

/** The diagram; `token` is the one that is masked. */
export function diagramOf(formatted: FormattedText, token: number, title: string): Diagram {
  const { model, format } = formatted;
  const { reads, vocab_size, model_type, mask_token } = model.info;
  const { blocks, heads } =
    reads === 'both' ? ofBert(formatted, token, vocab_size, mask_token ?? '[MASK]') : ofGpt(formatted, vocab_size);
  return {
    ...{ hue: hueOf(reads), model: NAMES[model_type] ?? model_type, blocks, heads, title },
    reads: reads === 'both' ? say.bothWays : say.leftToRight,
    ...{ format },
  };
}

interface Drawn {
  readonly blocks: readonly (readonly DiagramRow[])[];
  readonly heads: readonly DiagramHead[];
}

/** A row and the token that it stands for. */
interface Placed extends DiagramRow {
  readonly of?: FormatToken;
  readonly place?: number;
}

/** Shortens a text in its middle; one token stays. */
function shortened(rows: readonly Placed[], kept = -1): Placed[] {
  if (rows.length <= MOST) return [...rows];
  const stays = (at: number): boolean => at < MOST - 4 || at >= rows.length - 2 || rows[at]!.place === kept;
  return rows.flatMap((row, at) => (stays(at) ? [row] : stays(at - 1) || at === 0 ? [CUT] : []));
}

const places = (rows: readonly Placed[], wanted: (row: Placed) => boolean): number[] =>
  rows.flatMap((row, at) => (wanted(row) ? [at] : []));

function ofBert({ format, texts: [tokens = []] }: FormattedText, token: number, words: number, mask: string): Drawn {
  const masked = format === 'mlm' ? maskedPlace(tokens, token) : -1;
  const counts = [0, 0];
  const all = tokens.map((of, place): Placed => {
    const number = of.special ? of.name : String((counts[of.segment] = counts[of.segment]! + 1));
    const output = place === 0 && of.special ? 'C' : `T${of.segment === 1 ? '′' : ''}${number}`;
    const name = place === masked ? mask : of.name;
    return { token: name, output: fitting(output), segment: of.segment, special: of.special, of, place };
  });
  const second = all.findIndex(({ segment }) => segment === 1);
  const [a, b] = second < 0 ? [all, []] : [all.slice(0, second), all.slice(second)];
  const rows = [...shortened(a, masked), ...shortened(b, masked)];
  const text = (segment?: number) => (row: Placed) =>
    row.of !== undefined && !row.of.special && (segment === undefined || row.segment === segment);
  const onC = (lines: readonly string[], loss: string): DiagramHead[] => [{ lines, loss, rows: [0] }];
  const heads: Partial<Record<typeof format, () => DiagramHead[]>> = {
    mlm: () => [
      {
        lines: say.mlm.lines(words),
        loss: say.mlm.loss(tokens[masked]?.name ?? ''),
        rows: places(rows, (row) => row.place === masked),
      },
    ],
    nsp: () => onC(say.nsp.lines, say.nsp.loss),
    'pair-classification': () => onC(say.classes.lines, say.classes.loss),
    classification: () => onC(say.classes.lines, say.classes.loss),
    'question-answering': () =>
      [say.answer.start, say.answer.end].map(({ lines, loss }) => ({ lines, loss, rows: places(rows, text(1)) })),
    tagging: () => [
      { lines: say.tagging.lines, loss: say.tagging.loss, rows: places(rows, (row) => text()(row) && row.of!.begins) },
    ],
  };
  return { blocks: [rows], heads: (heads[format]?.() ?? []).filter((head) => head.rows.length > 0) };
}

/** `T[SEP]` is too long for its box. */
const fitting = (output: string): string => (output.length > 5 ? 'T' : output);

/** The token that is masked: the chosen one, or the first that can be. */
function maskedPlace(tokens: readonly FormatToken[], token: number): number {
  const chosen = tokens[token];
  return chosen && !chosen.special ? token : tokens.findIndex(({ special }) => !special);
}

function ofGpt({ format, texts }: FormattedText, words: number): Drawn {
  const [first = [], ...others] = texts;
  const plain = (tokens: readonly FormatToken[]): Placed[] =>
    shortened(tokens.map((of): Placed => ({ token: of.name, output: 'h', of })));
  const mark = (token: string): Placed => ({ token, output: 'h', special: true });
  const block = (...parts: readonly (readonly FormatToken[])[]): Placed[] => [
    mark(say.start),
    ...parts.flatMap((tokens, at) => [...(at > 0 ? [mark(say.delimiter)] : []), ...plain(tokens)]),
    mark(say.extract),
  ];
  const [second = []] = others;
  const blocks: Placed[][] =
    format === 'lm'
      ? [plain(first)]
      : format === 'gpt-classification'
        ? [block(first)]
        : format === 'gpt-entailment'
          ? [block(first, second)]
          : format === 'gpt-similarity'
            ? [block(first, second), block(second, first)]
            : (others.length > 0 ? others : [[]]).map((answer) => block(first, answer));
  const rows = blocks.flat();
  const ends = places(rows, ({ token, special }) => special === true && token === say.extract);
  const language: DiagramHead = {
    lines: say.language.lines(words),
    loss: format === 'lm' ? say.language.loss : say.language.auxiliary,
    rows: places(rows, ({ of }) => of !== undefined),
  };
  const task = {
    'gpt-classification': say.classes,
    'gpt-entailment': say.entailment,
    'gpt-similarity': say.similarity,
    'gpt-choice': say.choice,
  }[format as 'gpt-choice'] as { lines: readonly string[]; loss: string } | undefined;
  const heads = task ? [language, { ...task, rows: ends }] : [language];
  return { blocks: blocks.map((one) => numbered(one)), heads };
}

/** Outputs with their places. */
const numbered = (rows: readonly Placed[]): DiagramRow[] => {
  let at = 0;
  return rows.map((row) => (row.cut ? row : { ...row, output: `h${(at += 1)}` }));
};
