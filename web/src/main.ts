/** The page: the elements of the package in the playground, and what stands around them. */
import 'cloze-models';
import { tokensText } from 'cloze/elements';
import { setUpDrop } from './drop';
import type { Ready } from './facts';
import { rememberHub } from './hub';
import { KeepingView } from './keeping';
import { setUpLanguage, speakFirst } from './language';
import { setUpMore } from './more';
import { partOf, setUpOffline } from './offline';
import { Playground } from './playground';
import { offerReload } from './reload-notice';
import { byId } from './screens';
import { setUpTheme } from './theme';

const tokens = new CSSStyleSheet();
tokens.replaceSync(tokensText);
document.adoptedStyleSheets.push(tokens);

setUpTheme(byId('theme'));
/** What says its words again once they are others. */
const retold: (() => void)[] = [];
setUpLanguage(byId('language'), () => retold.forEach((retell) => retell()));
setUpMore(byId('more') as HTMLDetailsElement);

const playground = new Playground();
rememberHub(playground.elements.models);
setUpDrop(byId('drop-veil'), (data) => playground.openDropped(data));
playground.start();
retold.push(() => playground.sayAgain());
void speakFirst();

// Not while developing: Vite's pages change under the same address.
if (import.meta.env.PROD) {
  const used = new Set<string>();
  let keeping: KeepingView | undefined;
  addEventListener('cloze-ready', (event) => {
    const { runtime } = (event as CustomEvent<Ready>).detail;
    const part = partOf(runtime);
    used.add(part);
    void keeping?.used(part);
  });
  let told: (() => string) | undefined;
  const tell = (say = told): void => {
    told = say;
    if (say) byId('fact-offline').textContent = say();
  };
  retold.push(() => (keeping ? void keeping.used() : tell()));
  void setUpOffline({
    tell,
    offerReload: (say, reload) => void retold.push(offerReload(byId('reload-notice'), say, reload)),
  }).then((keepParts) => {
    if (!keepParts) return;
    keeping = new KeepingView(byId('fact-offline'), keepParts);
    return keeping.used(...used);
  });
}
