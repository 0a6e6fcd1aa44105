/** Chinese: what the page says of the Inside screen before it is opened. */
import type { insideTab as english } from '../en/inside-tab.js';

export const insideTab: typeof english = {
  verb: '查看内部',
  fetching: '正在下载页面的这一部分。',
  notFetched: '页面的这一部分没能下载。请检查网络连接，然后重新加载页面。',
};
