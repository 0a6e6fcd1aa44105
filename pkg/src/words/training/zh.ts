/** Chinese: what training says beside the core. */
import type { trainingErrors as english } from './en.js';

export const trainingErrors: typeof english = {
  notFound: '本浏览器中已没有这次训练。请重新开始，或另选一个。',
  open: '这次训练已在另一个或这个标签页中打开。请先在那里关闭，再试一次。',
  damaged: '这次训练在磁盘上的两份副本都已损坏。它无法继续，但仍可查看曲线。',
  storageFull: '没有空间保存这次训练。训练会继续，但关闭标签页后就会丢失：请下载它，或移除不需要的训练或模型。',
  notKept: '本浏览器不为本页保存内容（可能是无痕窗口）。训练会继续，但关闭标签页后就会丢失：请在那之前下载它。',
  notKeptFor: (why) => `这次训练没能保存（${why}）。训练会继续，但关闭标签页后就会丢失：请在那之前下载它。`,
  closed: '它已经关闭。请重新打开。',
  crashed: (why) => `训练崩溃了（${why}）。最近一次保存的内容还在：请从那里继续。`,
  notStarted: (why) => `没能启动训练用的worker（${why}）。请重新加载页面；如果再次发生，请告诉我们。`,
  running: '它正在运行。请先暂停。',
  noModel: '请指定从哪个模型开始：“bert”、“gpt”、一次训练，或一个文件夹里的文件。',
  unsendable: '所给的内容无法发送给worker：请给普通对象、文本、数和文件。',
  cannot: (method) => `这个模型没有“${method}”。`,
  noRun: '以此名称保存的是另一种内容，不能这样继续。',
  learner: '它还没有保存为模型。请先继续训练，完成后再保存。',
  tooLarge: '它太大（超过 512 MiB），训练时无法保存。训练会继续，但关闭此标签页后就会丢失：完成后请保存或下载模型。',
};
