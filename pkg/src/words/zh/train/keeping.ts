/** Chinese: what becomes of a model that was trained. */
import type { keeping as english } from '../../en/train/keeping.js';
import { isolated } from '../../mixed.js';

export const keeping: typeof english = {
  heading: '保存模型',
  name: '名称',
  open: (screen) => `在“${screen}”中打开`,
  download: '下载文件夹',
  keep: '保存在本浏览器中',
  kept: (name) => `${isolated(name)}已保存在本浏览器中，见下方列表。`,
  downloaded: (file) => `已保存${isolated(file)}。`,
  packing: '正在打包模型。',
  code: '用在自己的网页里：把文件夹解压到网页所在的位置，然后写：',
  python: '或者用Python：',
  copy: '复制',
  copied: '已复制。',
  notCopied: '浏览器不允许在这里复制。请选中文字，手动复制。',
  own: {
    caption: '本浏览器中你的模型',
    name: '模型',
    size: '大小',
    made: '完成于',
    open: '打开',
    openNamed: (name) => `打开${isolated(name)}`,
    download: '下载',
    downloadNamed: (name) => `下载${isolated(name)}`,
    remove: '移除',
    removeNamed: (name) => `移除${isolated(name)}`,
    sure: (name) => `要永久移除${isolated(name)}吗？`,
    yes: '移除',
    no: '保留',
    removed: (name) => `${isolated(name)}已移除。`,
  },
};
