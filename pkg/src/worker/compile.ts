/** Fetches and compiles the wasm, with errors that say what stands in the way. */
import { ClozeError } from '../border/errors.js';

/** The module at an address, compiled while it comes. */
export async function compile(url: URL): Promise<WebAssembly.Module> {
  const file = `The program file ${url.pathname}`;
  const details = { url: url.href };
  const response = await fetch(url).catch((cause: unknown) => {
    throw new ClozeError('network', `${file} could not be fetched. Check the connection and try again.`, details, {
      cause,
    });
  });
  const type = response.headers.get('content-type') ?? '';
  // Sites with one page for all addresses answer HTML with status 200 to everything.
  if (!response.ok || type.startsWith('text/html')) {
    const { ok, status } = response;
    await response.body?.cancel();
    const answer = ok ? 'with a web page' : `with status ${status}`;
    const code = ok || status === 404 || status === 410 ? 'not_found' : 'network';
    throw new ClozeError(code, `${file} was answered ${answer}. Was the package’s dist folder published whole?`, {
      ...details,
      status,
    });
  }
  try {
    // Some static hosts do not know the type of .wasm files, which streaming insists on.
    return await (type.startsWith('application/wasm')
      ? WebAssembly.compileStreaming(response)
      : WebAssembly.compile(await response.arrayBuffer()));
  } catch (cause) {
    throw explain(cause, file, details);
  }
}

function explain(cause: unknown, file: string, details: Record<string, unknown>): ClozeError {
  if (!(cause instanceof WebAssembly.CompileError)) {
    return new ClozeError(
      'network',
      `The connection broke while ${file} was being fetched. Check the connection and try again.`,
      details,
      { cause },
    );
  }
  if (/content security policy|unsafe-eval/iu.test(cause.message)) {
    const message =
      "The page’s Content-Security-Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to script-src, for worker.js too.";
    return new ClozeError('unsupported_browser', message, details, { cause });
  }
  return new ClozeError(
    'internal',
    `${file} is no program this browser can run (${cause.message}). Publish the package’s dist folder anew.`,
    details,
    { cause },
  );
}
