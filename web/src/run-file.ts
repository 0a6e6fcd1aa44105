/** A saved run that is dropped on the page: its link shows the screen as it was. */

/** The one file that may be a run, if it is that. */
export function runFile({ files }: DataTransfer): File | undefined {
  const [file] = files;
  return files.length === 1 && /\.json$/iu.test(file!.name) ? file : undefined;
}

/** The fragment of the link in a run; undefined for any other file. */
export async function fragmentOfRun(file: File): Promise<string | undefined> {
  try {
    const run: unknown = JSON.parse(await file.text());
    if (typeof run !== 'object' || run === null || !('cloze' in run) || !('link' in run)) return undefined;
    const { hash } = new URL(String(run.link));
    return hash === '' ? undefined : hash;
  } catch {
    return undefined;
  }
}
