/** Chinese: what the worker says of the program that it starts. */
import type { en as english } from './en.js';

export const zh: typeof english = {
  starting: '正在启动模型核心',
  ready: '模型已就绪',
  tokenizerReady: '分词器已就绪',
  notLoaded: '模型还没有加载就被调用了。',
  noThreads: '带线程的构建没有线程。',
  threadNotStarted: (why) => `有一个线程没有启动：${why}。请重新加载页面，或减少线程数。`,

  program: {
    notFetched: (path) => `没能下载程序文件${path}。请检查网络连接后再试。`,
    answeredByPage: (path) => `请求程序文件${path}时，得到的是一个网页。软件包的dist文件夹是否完整发布？`,
    answeredByStatus: (path, status) =>
      `请求程序文件${path}时，得到的状态是${status}。软件包的dist文件夹是否完整发布？`,
    broke: (path) => `下载程序文件${path}时连接中断。请检查网络连接后再试。`,
    forbidden:
      "页面的Content-Security-Policy禁止WebAssembly。请在script-src中加上'wasm-unsafe-eval'，worker.js也要加。",
    noProgram: (path, why) => `程序文件${path}不是本浏览器能运行的程序（${why}）。请重新发布软件包的dist文件夹。`,
  },
};
