/** Chinese: the frame of the Train screen. */
import type { frame as english } from '../../en/train/frame.js';

export const frame: typeof english = {
  about: '在这里，你可以看着模型学习：就在这台设备上、这个页面里，不用服务器。任何文字和权重都不会离开这里。',
  view: '训练什么',
};
