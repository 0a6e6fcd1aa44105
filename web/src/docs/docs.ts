/** The script of the documentation's pages: theme, search, and what is live. */
import { lockName } from '../../service-worker/site';
import { setUpTheme } from '../theme';
import { setUpLanguage } from './language';
import { setUpSearch } from './search-box';

setUpTheme(document.getElementById('theme')!);
setUpLanguage(document.getElementById('other-language') as HTMLAnchorElement);
setUpSearch(document.getElementById('search')!);
if (document.querySelector('.stage')) void import('./demos');

// As long as this page is open, the service worker leaves the files of its version.
navigator.locks
  ?.request(lockName(import.meta.url), { mode: 'shared' }, () => new Promise(() => undefined))
  .catch(() => undefined);
