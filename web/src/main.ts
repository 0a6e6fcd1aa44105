/** The page: the elements of the package in the playground, and what stands around them. */
import { tokensText } from 'cloze/elements';
import { setUpDrop } from './drop';
import { rememberHub } from './hub';
import { setUpOffline } from './offline';
import { keepOwnModels } from './own-models';
import { Playground } from './playground';
import { offerReload } from './reload-notice';
import { byId } from './screens';
import { setUpTheme } from './theme';

const tokens = new CSSStyleSheet();
tokens.replaceSync(tokensText);
document.adoptedStyleSheets.push(tokens);

setUpTheme(byId('theme'));

const playground = new Playground();
rememberHub(playground.elements.models);
setUpDrop(byId('drop-veil'), (data) => playground.openDropped(data));
playground.start();

// Not while developing: Vite's pages change under the same address.
if (import.meta.env.PROD) {
  void setUpOffline({
    tell: (text) => (byId('fact-offline').textContent = text),
    offerReload: (text, reload) => offerReload(byId('reload-notice'), text, reload),
    keepModels: keepOwnModels,
  });
}
