/** Chinese: screens for which no model comes with the package. */
import type { bring as english } from '../en/bring.js';
import { isolated } from '../mixed.js';

export const bring: typeof english = {
  label: '用于这一屏的模型',
  title: '请带一个模型来。',
  load: (name, megabytes) => `加载${name}，${megabytes} MB`,
  fetched: (host) => `只从${host}下载一次，之后保存在本浏览器中。你输入的文字不会发到那里，也不会发到任何地方。`,
  others: '为此微调过的其他模型也行，来自Hub或本机硬盘都可以，加载入口在',
  first: (verb) => `还没有能做这件事的模型。先加载下面的一个，再按“${verb}”。`,
  knows: (classes, names, more) =>
    `这个模型能区分${classes}：${names.map(isolated).join('、')}${more > 0 ? `，以及另外${more}类` : ''}。`,
};
