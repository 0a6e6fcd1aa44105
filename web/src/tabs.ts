/**
 * Tabs after the WAI-ARIA pattern: one tab stop, arrow keys, Home and End move and activate.
 * The markup (roles, ids, `aria-controls`) is in index.html; this file keeps it true.
 */

export interface Tabs {
  /** The task (`data-task`) of the tab that is shown. */
  readonly current: string;
  /** Shows the tab of `task`; does nothing when there is none. */
  select(task: string): void;
  /** Puts a tab that was hidden at first beside the others. */
  reveal(task: string): void;
}

/** @param onChange is called after another tab was shown, by hand or by `select`. */
export function setUpTabs(list: HTMLElement, onChange: (task: string) => void): Tabs {
  const tabs = [...list.querySelectorAll<HTMLElement>('[role="tab"]')];
  const panelOf = (tab: HTMLElement): HTMLElement | null =>
    document.getElementById(tab.getAttribute('aria-controls') ?? '');
  const shown = (): HTMLElement | undefined => tabs.find((tab) => tab.ariaSelected === 'true');

  function show(tab: HTMLElement): void {
    tab.hidden = false;
    if (tab === shown()) return;
    for (const other of tabs) {
      const on = other === tab;
      other.setAttribute('aria-selected', String(on));
      other.tabIndex = on ? 0 : -1;
      panelOf(other)?.toggleAttribute('hidden', !on);
    }
    // On a phone the list scrolls sideways.
    tab.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    onChange(tab.dataset.task ?? '');
  }

  list.addEventListener('click', (event) => {
    const tab = (event.target as Element).closest<HTMLElement>('[role="tab"]');
    if (tab) show(tab);
  });

  list.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const there = tabs.filter(({ hidden }) => !hidden);
    const at = there.indexOf(event.target as HTMLElement);
    if (at < 0) return;
    const last = there.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    const tab = to === undefined ? undefined : there[to];
    if (!tab) return;
    event.preventDefault();
    show(tab);
    tab.focus();
  });

  const of = (task: string): HTMLElement | undefined => tabs.find((one) => one.dataset.task === task);

  return {
    get current() {
      return shown()?.dataset.task ?? '';
    },
    select(task) {
      const tab = of(task);
      if (tab) show(tab);
    },
    reveal(task) {
      const tab = of(task);
      if (tab) tab.hidden = false;
    },
  };
}
