// One thread of ceilings.js: gets the module first, then what to call.
let exports;

onmessage = async ({ data: { module, memory, call, args } }) => {
  if (module) exports = (await WebAssembly.instantiate(module, { env: { memory } })).exports;
  const now = () => performance.timeOrigin + performance.now();
  const start = now();
  if (call) exports[call](...args);
  postMessage({ start, end: now() });
};
