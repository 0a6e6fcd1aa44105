/** The headers that make a page cross-origin isolated, for hosts that cannot send them. */

const OPENER = 'cross-origin-opener-policy';
const EMBEDDER = 'cross-origin-embedder-policy';

/**
 * `credentialless` spares what a host may add to the page (a toolbar, a counter), but only Chromium is sure to know it in
 * workers too; elsewhere an unknown value would count as none.
 */
const EMBEDDER_POLICY = 'userAgentData' in navigator ? 'credentialless' : 'require-corp';

/** The response with the headers, unless the host sent one of them itself. */
export function isolated(response: Response): Response {
  // A redirect in the browser's hands (status 0) cannot be changed, and need not be: what follows is asked for anew.
  if (response.status === 0 || response.headers.has(OPENER) || response.headers.has(EMBEDDER)) return response;
  const headers = new Headers(response.headers);
  headers.set(OPENER, 'same-origin');
  headers.set(EMBEDDER, EMBEDDER_POLICY);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
