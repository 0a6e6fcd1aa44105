/** Chinese: the better model that screens offer. */
import type { offer as english } from '../en/offer.js';

export const offer: typeof english = {
  label: '更好的模型',
  better: (name) => `换成${name}会更好。`,
  take: (name, size) => `使用${name}（${size}）`,
  back: '换回小模型',
  fromHere: '只下载一次，保存在本浏览器中；和这里的一切一样，它在这台设备上运行。',
  fromHost: (host) => `只从${host}下载一次，保存在本浏览器中；和这里的一切一样，它在这台设备上运行。`,
  forGenerate: '它的参数多十倍，先在2万亿词元的网络文本上训练，又在对话上训练：能回答问题，写出来的文本也不会跑题。',
  forSummarize: '它学过听从指令，直接请它写摘要就行：它会用自己的话说出文章讲了什么。它也很小，会出错：请对照原文。',
};
