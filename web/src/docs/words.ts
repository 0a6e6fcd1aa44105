/** What the search says, in the page's language. */

const en = {
  file: './search.json',
  lost: 'The search could not be loaded. Is there a network?',
  found: (count: number, most: number, asked: string): string => {
    if (count === 0) return `Nothing is found for “${asked}”.`;
    return count === 1 ? 'One section is found.' : `${count === most ? `The best ${most}` : count} sections are found.`;
  },
};

const zh: typeof en = {
  file: './search.zh.json',
  lost: '搜索无法加载。请检查网络。',
  found: (count, most, asked) => {
    if (count === 0) return `没有找到“${asked}”。`;
    return count === most ? `列出最相关的${most}处。` : `找到${count}处。`;
  },
};

export const words = document.documentElement.lang.startsWith('zh') ? zh : en;
