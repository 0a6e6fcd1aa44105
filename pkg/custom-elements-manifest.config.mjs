// How `cem analyze` describes the elements; scripts/manifest.mjs makes types of it.
import { customElementJetBrainsPlugin } from 'custom-element-jet-brains-integration';
import { customElementVsCodePlugin } from 'custom-element-vs-code-integration';
import { publicFace } from './scripts/public-face.mjs';

const outdir = 'dist';
const options = { outdir, hideLogs: true };

export default {
  globs: ['src/elements/*/element.ts', 'src/elements/models/kept-models.ts'],
  litelement: true,
  packagejson: false,
  outdir,
  plugins: [
    await publicFace(),
    customElementVsCodePlugin({
      ...options,
      htmlFileName: 'vscode.html-custom-data.json',
      cssFileName: 'vscode.css-custom-data.json',
    }),
    customElementJetBrainsPlugin({ ...options, webTypesFileName: 'web-types.json', packageJson: false }),
  ],
};
