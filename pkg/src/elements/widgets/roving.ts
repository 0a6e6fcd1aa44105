/**
 * One tab stop for a long row of buttons: arrow keys, Home and End move within it.
 * (The WAI-ARIA "roving tabindex" pattern, used for words and for generated tokens.)
 */

/** Where a key moves the focus to, or null if the key means nothing here. */
export function rovingTarget(key: string, current: number, length: number, rightToLeft = false): number | null {
  if (length === 0) return null;
  const forward = rightToLeft ? 'ArrowLeft' : 'ArrowRight';
  const backward = rightToLeft ? 'ArrowRight' : 'ArrowLeft';
  switch (key) {
    case forward:
    case 'ArrowDown':
      return Math.min(current + 1, length - 1);
    case backward:
    case 'ArrowUp':
      return Math.max(current - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return null;
  }
}

/** Handles a key press on one of `items`, moving focus and tab stop; true if the key was used. */
export function rove(event: KeyboardEvent, items: readonly HTMLElement[]): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  const current = items.indexOf(event.target as HTMLElement);
  if (current < 0) return false;
  const rightToLeft = getComputedStyle(items[current]!).direction === 'rtl';
  const target = rovingTarget(event.key, current, items.length, rightToLeft);
  if (target === null) return false;
  event.preventDefault();
  items[target]!.focus();
  return true;
}
