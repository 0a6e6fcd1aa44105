// Makes what editors and frameworks read of the elements: dist/custom-elements.json, the data of VS Code and of JetBrains' editors,
// and types for React, Vue and Svelte. The modules and declarations in dist/ have to be there.
import { generateJsxTypes } from '@wc-toolkit/jsx-types';
import { generateSvelteTypes } from 'custom-element-svelte-integration';
import { generateVuejsTypes } from 'custom-element-vuejs-integration';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cem = fileURLToPath(new URL('../../node_modules/.bin/cem', import.meta.url));
execFileSync(process.execPath, [cem, 'analyze', '--quiet'], { stdio: ['ignore', 'ignore', 'inherit'] });
const manifest = JSON.parse(readFileSync('dist/custom-elements.json', 'utf8'));

// Some of the generators wrap each event's type once more, and name an attribute and its property twice.
const simple = structuredClone(manifest);
for (const { declarations } of simple.modules)
  for (const element of declarations) {
    for (const event of element.events)
      event.type.text = /^CustomEvent<(.*)>$/su.exec(event.type.text)?.[1] ?? 'unknown';
    const attributes = new Set(element.attributes.map(({ name }) => name));
    element.members = element.members.filter(({ name, readonly }) => !readonly && !attributes.has(name));
  }

const options = { outdir: 'dist', globalTypePath: './elements.js', hideLogs: true };
generateJsxTypes(manifest, { ...options, fileName: 'react.d.ts', useCemTypes: true });
generateVuejsTypes(simple, { ...options, fileName: 'vue.d.ts', typesSrc: 'type' });
generateSvelteTypes(simple, { ...options, fileName: 'svelte.d.ts', typesSrc: 'type' });

/** The names that a file of declarations exports. */
const exported = (name) => {
  const text = readFileSync(`dist/${name}.d.ts`, 'utf8');
  const lists = [...text.matchAll(/export (?:type )?\{([^}]*)\}/gsu)].flatMap(([, list = '']) => list.split(','));
  return new Set(
    lists.map((one) =>
      one
        .trim()
        .replace(/^type /u, '')
        .replace(/^.* as /u, ''),
    ),
  );
};
const places = ['elements', 'index'].map((name) => ({ from: `./${name}.js`, names: exported(name) }));

/** Imports the types that a generated file names, keeps of its modules those of one framework, and writes it. */
function finish(file, keep, replace = (/** @type {string} */ text) => text) {
  let text = readFileSync(`dist/${file}`, 'utf8');
  text = text.replaceAll(/^declare (?:module "([^"]+)"|global) \{\n.*?^\}\n?/gmsu, (block, module) =>
    keep.includes(module) ? block : '',
  );
  text = replace(text.replace(/^import type \{[^}]*\} from "\.\/elements\.js";\n/msu, ''));
  const code = text.replaceAll(/\/\*.*?\*\//gsu, '').replaceAll(/"[^"\n]*"/gu, '""');
  const used = new Set(code.match(/\b[A-Z]\w*\b/gu));
  const made = new Set([...code.matchAll(/^(?:export )?(?:type|interface) (\w+)/gmu)].map(([, name]) => name));
  const imports = places.map(({ from, names }) => {
    const wanted = [...names].filter((name) => used.has(name) && !made.has(name));
    for (const name of wanted) made.add(name);
    return wanted.length > 0 ? `import type { ${wanted.sort().join(', ')} } from '${from}';\n` : '';
  });
  writeFileSync(`dist/${file}`, `${imports.join('')}${text}`);
}
/** What React gives all elements (`ref`, `key`, `className`, `onClick`, …), but for what an element has of its own. */
const REACTS = `type BaseProps<T extends HTMLElement> = { class?: string | undefined } & import("react").DetailedHTMLProps<
  import("react").HTMLAttributes<T>,
  T
>;
`;
finish('react.d.ts', ['react', 'react/jsx-runtime', 'react/jsx-dev-runtime'], (text) =>
  text
    .replace(/^type BaseProps<T extends HTMLElement> = \{\n.*?^\};\n/msu, REACTS)
    .replaceAll(/\bBaseProps<(Cloze\w+)>/gu, 'Omit<BaseProps<$1>, keyof $1Props>'),
);
/** Only some of a state is given. */
const partly = (/** @type {string} */ text) => text.replaceAll(/: (\w+\["state"\])/gu, ': Partial<$1>');
finish('vue.d.ts', ['vue'], partly);
finish('svelte.d.ts', [], (text) =>
  partly(text)
    .replaceAll('JSX.Element', 'unknown')
    .replace(
      /^declare namespace svelteHTML \{.*/msu,
      "declare module 'svelte/elements' {\n  interface SvelteHTMLElements extends CustomElements {}\n}\n",
    ),
);
