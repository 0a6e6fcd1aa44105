/** Chinese: what is said of a model's files while they are found, fetched, stored and read. */
import type * as english from './en.js';

export const steps: typeof english.steps = {
  asking: (file) => `正在请求${file}`,
  askingHub: (host, model) => `正在向${host}请求${model}`,
  chosen: (file, models) => `文件夹里有${models}个模型，取用其中能读的最好的一个：${file}`,
  fetching: (file) => `正在下载${file}`,
  reading: (file) => `正在读取${file}`,
  paused: (file) => `已暂停：${file}`,
  here: (file) => `${file}已就绪`,
  otherTab: (file, paused) => `另一个标签页${paused ? '已暂停下载' : '正在下载'}${file}；一下载好，这里就会用上`,
  again: (askedToWait, seconds) =>
    `${askedToWait ? '服务器要求等待' : '连接中断'}：${seconds < 1 ? '正在重试' : `${Math.round(seconds)}秒后重试`}`,
};

export const warnings: typeof english.warnings = {
  noSpace: (file) => `没有空间保存${file}：它在内存中运行，下次要重新下载。想保存的话，请删除其他模型或清理磁盘`,
  notStored: (file) => `${file}无法保存在本浏览器中：下次要重新下载`,
  noStorage: '本浏览器不为本页保存文件（某些无痕窗口就是这样）：模型下次要重新下载',
  offline: (host, what) => `连不上${host}：使用这里保存的${what}`,
  no_pre_tokenizer:
    '这个GGUF文件没有说明它的分词器怎样找词（tokenizer.ggml.pre）：这里沿用llama.cpp对此类文件的规则，可能与模型自己的不同。如果文件旁边有模型的tokenizer.json，就会使用它',
};

export const connection: typeof english.connection = {
  broken: (file, megabytes) =>
    `下载${file}时连接中断，已下载${megabytes} MB。请检查网络连接后再试；浏览器允许的话，已下载的部分会保留。`,
  noRanges: (host, file) => `服务器${host}不再提供${file}的片段。请重新加载。`,
  changed: (file) => `${file}在下载期间被服务器换掉了。请重新加载。`,
  wrongLength: (file, host, found, expected) =>
    `${file}有${found}字节，应有${expected}字节。服务器${host}给的不是发布的那个文件：请以后再试，或从别处获取模型。`,
  wrongHash: (file, host) =>
    `${file}不是发布的那个文件：哈希值不同，因此没有使用。是服务器${host}或途中的什么改动了它：请以后再试，或从别处获取模型。`,
  tooLarge: (file, megabytes) =>
    `${file}超过${megabytes} MB，除了权重，没有模型需要这么大的文件。没有读取它：请确认它属于这个模型。`,
};

export const answers: typeof english.answers = {
  none: (file, host) => `没能从${host}下载${file}。请检查网络连接后再试。`,
  webPage: (file, url) => `${url}没有${file}：服务器给的是一个网页。请检查网址。`,
  notFound: (file, url) => `${url}没有${file}。请检查网址。`,
  noModelOrPrivate: (file, url) =>
    `${url}没有${file}。没有这个模型，或者它不公开。请检查名称，或提供有权读取它的令牌。`,
  gated: (file, host, status, token) =>
    `${host}不向所有人提供${file}（${status}）。${
      token ? '所给的令牌打不开它：请用令牌所属的账号接受模型的条款。' : '请先接受模型的条款，再提供该账号的令牌。'
    }`,
  unauthorized: (file, host, token) =>
    `${host}要知道是谁在请求${file}（401）。${token ? '所给的令牌不被接受，请检查。' : '请用token选项提供令牌。'}`,
  shorter: (file, host) => `${host}上的${file}比之前短了。请再试一次。`,
  tooManyRequests: (host) => `从这里发往${host}的请求太多（429）。请等几分钟再试；已下载的部分会保留。`,
  failed: (file, status) => `请求${file}时，服务器回答了${status}。请以后再试。`,
};

export const copies: typeof english.copies = {
  partUnreadable: (file) => `无法读取${file}已保存的部分。请重新加载。`,
  unreadable: (file) => `无法读取${file}的已存副本。请重新加载。`,
  notWhole: (file) => `${file}的已存副本不完整。请重新加载。`,
};

export const storedModels: typeof english.storedModels = {
  nothing: (model) => `这里没有（或不再）保存${model}的任何内容。`,
  inUse: (file) => `这个或另一个标签页正在下载或读取${file}。请等它完成，或停止它，然后再试。`,
};

export const folders: typeof english.folders = {
  noSmallFiles: (folder) =>
    `${folder}不是可以读取的模型文件夹：既没有tokenizer.json，也没有vocab.txt，也没有vocab.json和merges.txt。请检查网址，或选择模型文件夹里的所有文件。`,
  noNamedFile: (folder, file) => `${folder}里没有${file}。请检查model_file_name选项。`,
  noWeights: (folder, safetensors, index, pytorch) =>
    `${folder}里没有权重：没有${safetensors}、${index}、.gguf，也没有${pytorch}。请检查网址，或用model_file_name选项指定文件。`,
  noShard: (folder, file, index) => `${folder}里没有${index}所列的${file}。请把它也下载或选上。`,
  foreignWeights: (folder, file) =>
    `${folder}里只有供其他程序使用的权重（${file}）。请使用带有safetensors、GGUF或PyTorch文件的模型。`,
  noParts: (folder, files, parts) =>
    `${folder}缺少${files.join('、')}：这个模型分成${parts}个文件。请把缺少的也下载或选上。`,
  noDefaultModels: (address) =>
    `没有指定模型，而默认模型是单独的一个包，这里没有找到${address === undefined ? '' : `（无法从${address}导入）`}。请安装它（npm install cloze-models），并在'cloze'旁边导入'cloze-models'；不用打包工具时，请把文件夹cloze-models放在文件夹cloze旁边，或把env.default_models设为含有bert/、gpt/和unigram/的文件夹的网址。也可以指定一个模型。`,
  noModel: (host, model) => `${host}上没有模型${model}，或者它不公开。请检查名称，或提供有权读取它的令牌。`,
  noRevision: (host, model, revision) =>
    `${host}上的模型${model}没有版本${revision}，或者它不公开。请检查名称，或提供有权读取它的令牌。`,
};

export const disk: typeof english.disk = {
  title: (files) => `这些文件（${files}）`,
  fileGone: (file) => `${file}已无法读取。请重新选择文件。`,
  folderGone: (folder) => `文件夹${folder}已无法读取。请重新选择。`,
};

export const drops: typeof english.drops = {
  unreadable: (name) => `无法读取${name}。请再拖一次，或改为选择文件。`,
  tooMany: (folder) => `文件夹${folder}里的文件太多，不像是模型文件夹。请拖入模型自己的文件夹。`,
};

export const argument: typeof english.argument = {
  kind: '应当是文件夹的URL或路径、Hub名称（owner/name）、文件列表、选取的文件夹，或者不写',
  name: (model) => `"${model}"既不是URL，也不是以/或./开头的路径，也不是owner/name或owner/name@revision这样的Hub名称`,
  revision: (revision, model) => `是${revision}，而模型是${model}。请只写一个版本。`,
  notFiles: '列表里有不是文件的东西',
  noFiles: '文件列表是空的。请给出config.json、tokenizer.json和权重。',
  address: (option, address) => `选项"${option}"："${address}"不是有效的网址。`,
};
