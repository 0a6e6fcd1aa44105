/** The pages of the documentation, in the order in which they are listed. */
import type { Language } from './words.ts';

/** A page. */
export interface Page {
  /** Its file in `docs/`, without `.html`. */
  readonly name: string;
  /** What lists call it. */
  readonly title: string;
  /** Another language than English; then `of` is the page that it is a translation of. */
  readonly language?: Language;
  readonly of?: Page;
  /** The Markdown file that it is made of, from the root of the sources; without one it is made by the build. */
  readonly source?: string;
}

/** Pages that are listed together. */
export interface Group {
  readonly title: string;
  readonly pages: readonly Page[];
}

/** A module of the package that has a page of its own in the reference. */
export interface ApiModule extends Page {
  /** As it is imported. */
  readonly imported: string;
  /** The module's file in `pkg/`. */
  readonly entry: string;
}

const own = (name: string, title: string): Page => ({ name, title, source: `web/docs/${name}.md` });

export const API: readonly ApiModule[] = [
  { name: 'api', title: 'cloze', imported: 'cloze', entry: 'src/index.ts' },
  { name: 'api-training', title: 'cloze/training', imported: 'cloze/training', entry: 'src/training/index.ts' },
  { name: 'api-elements', title: 'cloze/elements', imported: 'cloze/elements', entry: 'src/elements.ts' },
  { name: 'api-screens', title: 'cloze/screens', imported: 'cloze/screens', entry: 'src/screens.ts' },
  { name: 'api-lessons', title: 'cloze/lessons', imported: 'cloze/lessons', entry: 'src/lessons.ts' },
];

export const GROUPS: readonly Group[] = [
  {
    title: 'Start in a minute',
    pages: [
      own('index', 'Documentation'),
      own('start-class', 'Students and teachers'),
      own('start-web', 'Web developers'),
      own('start-rust', 'Rust developers'),
    ],
  },
  {
    title: 'Guides',
    pages: [
      own('models', 'Models and files'),
      own('headers', 'Threads, headers, CSP'),
      own('bundlers', 'Bundlers and frameworks'),
      own('offline', 'Offline'),
      own('privacy', 'Privacy'),
      own('sizes', 'Sizes'),
      { name: 'training', title: 'Training', source: 'docs/training.md' },
      { name: 'transformers-js', title: 'Code for transformers.js', source: 'docs/transformers-js.md' },
    ],
  },
  {
    title: 'Reference',
    pages: [
      { name: 'elements', title: 'Elements, live' },
      { name: 'package', title: 'The package', source: 'pkg/README.md' },
      ...API,
      { name: 'compatibility', title: 'Compatibility', source: 'docs/compatibility.md' },
      { name: 'changes', title: 'Changes', source: 'CHANGELOG.md' },
    ],
  },
  {
    title: 'Behind it',
    pages: [
      { name: 'performance', title: 'Performance', source: 'docs/performance.md' },
      { name: 'models-made', title: 'How the models were made', source: 'training/README.md' },
      { name: 'model-bert', title: 'Model card: BERT', source: 'models/bert/README.md' },
      { name: 'model-gpt', title: 'Model card: GPT-2', source: 'models/gpt/README.md' },
      { name: 'texts', title: 'Texts and tables', source: 'pkg/texts/README.md' },
      { name: 'architecture', title: 'Architecture', source: 'docs/architecture.md' },
      { name: 'contributing', title: 'Contributing', source: 'CONTRIBUTING.md' },
      { name: 'adding-an-architecture', title: 'Adding an architecture', source: 'docs/adding-an-architecture.md' },
      { name: 'adding-a-task', title: 'Adding a task', source: 'docs/adding-a-task.md' },
      { name: 'adding-a-kernel', title: 'Adding a kernel', source: 'docs/adding-a-kernel.md' },
    ],
  },
];

export const PAGES: readonly Page[] = GROUPS.flatMap(({ pages }) => pages);

/** Titles of the pages that are there in Chinese, too: `web/docs/zh/` has them. */
const CHINESE: Readonly<Record<string, string>> = {
  index: '文档',
  'start-class': '学生和教师',
  'start-web': '网页开发者',
  models: '模型和文件',
  headers: '线程、响应头与CSP',
  bundlers: '打包工具和框架',
  offline: '离线使用',
  privacy: '隐私',
  sizes: '体积',
  elements: '元素实例',
};

const CHINESE_GROUPS: Readonly<Record<string, string>> = {
  'Start in a minute': '一分钟上手',
  Guides: '指南',
  Reference: '参考',
  'Behind it': '幕后',
};

/** The page in Chinese, or itself where there is none. */
const inChinese = (page: Page): Page => CHINESE_PAGES.find(({ of }) => of === page) ?? page;

/** The pages that are there in Chinese. */
export const CHINESE_PAGES: readonly Page[] = PAGES.flatMap((page): Page[] => {
  const title = CHINESE[page.name];
  const { name } = page;
  return title === undefined
    ? []
    : [{ name: `${name}.zh`, title, source: `web/docs/zh/${name}.md`, language: 'zh', of: page }];
});

/** The lists as they stand beside a page of a language. */
export const groupsIn = (language: Language): readonly Group[] =>
  language === 'en'
    ? GROUPS
    : GROUPS.map(({ title, pages }) => ({ title: CHINESE_GROUPS[title] ?? title, pages: pages.map(inChinese) }));

/** The page in the other language; the first one of that language where it is not there. */
export const otherOf = (page: Page): Page =>
  page.of ?? CHINESE_PAGES.find(({ of }) => of === page) ?? CHINESE_PAGES[0]!;
