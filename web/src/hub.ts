/** The hub that names are looked up on, remembered in this browser: kept models are known by it. */

const KEY = 'cloze-hub';

/** Sets the Models screen's hub to the one of the last visit, and remembers the one it is set to. */
export function rememberHub(models: HTMLElement): void {
  models.addEventListener('cloze-hub', (event) => {
    try {
      localStorage.setItem(KEY, (event as CustomEvent<string>).detail);
    } catch {
      // Storage may be forbidden; then it is the usual one at the next visit.
    }
  });
  try {
    const hub = localStorage.getItem(KEY);
    if (hub !== null) (models as HTMLElement & { hub: string }).hub = hub;
  } catch {
    // The same.
  }
}
