/**
 * The theme switch: auto, light or dark, remembered in this browser.
 * Colours are `light-dark()` tokens, so a theme is only the `color-scheme` of `<html>` (page.css).
 */

const KEY = 'cloze-theme'; // also read by public/theme-first.js

type Theme = 'auto' | 'light' | 'dark';

const isTheme = (value: unknown): value is Theme => value === 'auto' || value === 'light' || value === 'dark';

// Storage throws where it is forbidden (private windows, sandboxed frames): the switch then works without memory.
function remembered(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return isTheme(value) ? value : 'auto';
  } catch {
    return 'auto';
  }
}

function remember(theme: Theme): void {
  try {
    if (theme === 'auto') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Not remembered; nothing else to do.
  }
}

function apply(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Connects the radio buttons named `theme` inside `group`. */
export function setUpTheme(group: HTMLElement): void {
  const radios = [...group.querySelectorAll<HTMLInputElement>('input[name="theme"]')];
  const show = (theme: Theme): void => {
    apply(theme);
    for (const radio of radios) radio.checked = radio.value === theme;
  };
  show(remembered());
  group.addEventListener('change', () => {
    const value = radios.find((radio) => radio.checked)?.value;
    if (!isTheme(value)) return;
    apply(value);
    remember(value);
  });
  // Another tab of the same site changed it.
  addEventListener('storage', (event) => {
    if (event.key === KEY) show(remembered());
  });
}
