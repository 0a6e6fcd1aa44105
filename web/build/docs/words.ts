/** What stands around the pages of the documentation, in their languages. */

export type Language = 'en' | 'zh';

interface Words {
  readonly tag: string;
  readonly documentation: string;
  readonly skip: string;
  readonly docs: string;
  readonly searchLabel: string;
  readonly searchBox: string;
  readonly searchHint: string;
  readonly theme: string;
  readonly themes: readonly [auto: string, light: string, dark: string];
  readonly pages: string;
  readonly allPages: string;
  readonly onThisPage: string;
  readonly around: string;
  readonly before: string;
  readonly next: string;
  readonly playground: string;
  readonly teachers: string;
  readonly teachersPage: string;
  readonly licence: string;
  /** The other language, in its own name. */
  readonly other: string;
  /** Follows the title of a page that is in English alone. */
  readonly inEnglish: string;
  /** What the elements' tables stand below; their own words are the sources', in English. */
  readonly has: (tag: string) => string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    tag: 'en',
    documentation: 'Cloze: documentation',
    skip: 'Skip to the content',
    docs: 'Docs',
    searchLabel: 'Search the docs',
    searchBox: 'Search',
    searchHint: 'Arrow keys go through what is found, Escape closes it. Ctrl+K comes here.',
    theme: 'Theme',
    themes: ['Auto', 'Light', 'Dark'],
    pages: 'Pages',
    allPages: 'All pages',
    onThisPage: 'On this page',
    around: 'Previous and next',
    before: 'Before:',
    next: 'Next:',
    playground: 'The playground',
    teachers: 'For teachers',
    teachersPage: '../teachers.html',
    licence: 'MIT or Apache-2.0',
    other: '中文',
    inEnglish: '',
    has: (tag) => `What ${tag} has`,
  },
  zh: {
    tag: 'zh-CN',
    documentation: 'Cloze：文档',
    skip: '跳到正文',
    docs: '文档',
    searchLabel: '搜索文档',
    searchBox: '搜索',
    searchHint: '用方向键在结果中移动，按Esc关闭。Ctrl+K跳到这里。',
    theme: '主题',
    themes: ['自动', '浅色', '深色'],
    pages: '页面',
    allPages: '全部页面',
    onThisPage: '本页内容',
    around: '上一页和下一页',
    before: '上一页：',
    next: '下一页：',
    playground: '演示页面',
    teachers: '教师专页',
    teachersPage: '../teachers.zh.html',
    licence: 'MIT或Apache-2.0许可',
    other: 'English',
    inEnglish: '（英文）',
    has: (tag) => `${tag}的全部属性、方法和事件（英文）`,
  },
};
