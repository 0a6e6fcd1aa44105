/** What the controllers need of the element that they belong to. */
import type { ReactiveControllerHost } from 'lit';

/** An element with controllers. */
export type Host = ReactiveControllerHost &
  HTMLElement & {
    readonly renderRoot: HTMLElement | DocumentFragment;
    readonly hasUpdated: boolean;
  };

/** Calls `leave` if the element was taken away; one that was moved within the page is back by then. */
export function onceGone(host: Host, leave: () => void): void {
  queueMicrotask(() => {
    if (!host.isConnected) leave();
  });
}

/** Tells the page around the element. */
export function emit(host: Host, type: string, detail: unknown): void {
  host.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}

/** Moves the focus to a control, unfolding what it is folded away in. */
export function focusControl(host: Host, id: string): void {
  const control = host.renderRoot.querySelector<HTMLElement>(`#${id}`);
  const folded = control?.closest('details');
  if (folded) folded.open = true;
  control?.focus();
}
