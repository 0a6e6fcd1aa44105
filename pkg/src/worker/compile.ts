/** Fetches and compiles the wasm, with errors that say what stands in the way. */
import { ClozeError } from '../border/errors.js';
import { workerWords as say } from '../words/worker/index.js';

/** Hears how long the wasm is, as it is sent, and when all of it is there. */
export interface FetchListener {
  expect(file: string, bytes: number): void;
  arrived(file: string): void;
}

/** The module at an address, compiled while it comes. */
export async function compile(url: URL, listener?: FetchListener): Promise<WebAssembly.Module> {
  const file = url.pathname;
  const details = { url: url.href };
  const response = await fetch(url).catch((cause: unknown) => {
    throw new ClozeError('network', say.program.notFetched(file), details, {
      cause,
    });
  });
  const type = response.headers.get('content-type') ?? '';
  // Sites with one page for all addresses answer HTML with status 200 to everything.
  if (!response.ok || type.startsWith('text/html')) {
    const { ok, status } = response;
    await response.body?.cancel();
    const code = ok || status === 404 || status === 410 ? 'not_found' : 'network';
    throw new ClozeError(code, ok ? say.program.answeredByPage(file) : say.program.answeredByStatus(file, status), {
      ...details,
      status,
    });
  }
  const bytes = Number(response.headers.get('content-length') ?? 0);
  if (bytes > 0) listener?.expect(file, bytes);
  try {
    // Some static hosts do not know the type of .wasm files, which streaming insists on.
    const module = await (type.startsWith('application/wasm')
      ? WebAssembly.compileStreaming(response)
      : WebAssembly.compile(await response.arrayBuffer()));
    listener?.arrived(file);
    return module;
  } catch (cause) {
    throw explain(cause, file, details);
  }
}

function explain(cause: unknown, file: string, details: Record<string, unknown>): ClozeError {
  if (!(cause instanceof WebAssembly.CompileError)) {
    return new ClozeError('network', say.program.broke(file), details, { cause });
  }
  if (/content security policy|unsafe-eval/iu.test(cause.message)) {
    return new ClozeError('unsupported_browser', say.program.forbidden, details, { cause });
  }
  return new ClozeError('internal', say.program.noProgram(file, cause.message), details, { cause });
}
