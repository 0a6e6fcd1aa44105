// What the elements' library needs while it is imported, put in place of the globals of these names by bundle.mjs: in Node and
// other servers there is no DOM, and nobody makes an element.
const given = (name, otherwise) => globalThis[name] ?? otherwise;
export const HTMLElement = /* @__PURE__ */ given('HTMLElement', class {});
export const document = /* @__PURE__ */ given('document', { createTreeWalker: () => undefined });
