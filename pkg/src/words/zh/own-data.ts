/** Chinese: the texts and tables that come with the package. */
import type { ownData as english } from '../en/own-data.js';

export const ownData: typeof english = {
  notFetched: (name) => `没能下载“${name}”。请检查网络连接后再试：用过一次或离线保存之后，就不再需要网络。`,
  texts: {
    grimm: {
      title: '格林童话',
      author: 'Jacob and Wilhelm Grimm',
      about: '五十多篇童话。用词不多，反复出现：小模型很快就会写出“and the king’s daughter said”。',
      credit: 'Household Tales，Margaret Hunt英译（1884年），Standard Ebooks版。公有领域。',
    },
    oz: {
      title: '一部儿童小说',
      author: 'L. Frank Baum',
      about:
        '《绿野仙踪》和《奥兹国仙境》：一个完整的故事，对话很多。每一句都引出下一句，BERT的第二个目标学的正是这个。',
      credit: '1900年和1904年的两部小说，Standard Ebooks版。公有领域。',
    },
    countries: {
      title: '各国概况',
      author: 'The World Factbook',
      about:
        '近200个国家，每一国都用同样的句式介绍。模型一下子就学会句式，却学不好事实：正好用来看错误的回答从何而来。',
      credit: '美国中央情报局《世界概况》，美国政府作品，公有领域。各国历史部分已略去。',
    },
  },
  tables: {
    authors: {
      title: '这句话是谁写的？',
      about: '简·奥斯汀或吉卜林的句子，去掉了人名。',
      expect:
        '从40句学习，用200句检验。单靠词表统计能对约70%，本页的BERT约95%。看看错在哪里：它更多是凭讲的内容（丛林、晚宴）而不是凭文风判断的。',
    },
    genres: {
      title: '哪一种体裁？',
      about: '每例两句，取自童话、侦探小说、科幻小说和美国总统演说。',
      expect:
        '四个标签，瞎猜能对25%；词表统计60%，小BERT约80%。最容易混淆的是侦探和火星人：两者都写于1900年前后的伦敦。',
    },
    follows: {
      title: 'B接在A后面吗？',
      about: '句对：一半是原文中前后相接的两句，另一半的后一句出自另一本书。',
      expect:
        '瞎猜能对50%，词表统计也是，因为单看哪一句都看不出什么。会比较两句的模型能到75%至90%，主要靠话题：试试把同一个故事的两句颠倒过来。',
    },
    capitals: {
      title: '大写与句号',
      about: '全部小写、没有标点的句子：每个词要么加大写，要么加句号，要么都加，要么都不加。',
      expect:
        '五个词里有四个什么都不用加，所以一律“不加”就有82%。看相邻的词能到90%；剩下的是句子在哪里结束，那就要看意思了。',
    },
    countries: {
      title: '关于各国的问题',
      about: '一个问题和几句话，答案就在这几句话里。',
      expect:
        '答案所在的句子恰好是与问题共有词最多的那一句，这样的例子不到一半。问一个不存在的国家试试：它照样能找出答案，因为它学的是指出位置，而不是知道。',
    },
  },
};
