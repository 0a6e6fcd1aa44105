/** The better model that screens offer: a copy that lies beside the site, else the hub's. */
import type { ModelOffer } from 'cloze/elements';

/** What it is called. */
export const OFFERED = 'SmolLM2-135M-Instruct';

/** On the hub, in half the precision and so as large as it is. */
const HUB: ModelOffer = {
  model: `HuggingFaceTB/${OFFERED}`,
  name: OFFERED,
  bytes: 269_060_552,
  from: 'huggingface.co',
};

/** Where a copy lies beside the site; in links too, so that they mean the same file. */
const BESIDE = /^\.\/smollm2\/[^/]+\.gguf$/u;

/** What this host offers. The list of what lies beside the site is part of it. */
export async function findOffer(): Promise<ModelOffer> {
  try {
    const response = await fetch('./models.json');
    const { smollm2 } = (await response.json()) as { smollm2: { path: string; bytes: number } | null };
    if (smollm2) return { model: `./${smollm2.path}`, name: OFFERED, bytes: smollm2.bytes };
  } catch {
    // A host that lost the list has lost the copy as well, as far as can be known.
  }
  return HUB;
}

/** Whether a link means a copy beside a site: what lay beside another copy of this one may not lie here. */
export const isBeside = (model: string): boolean => BESIDE.test(model);

/** Whether a link means the hub's. */
export const isHubOffer = (model: string): boolean => model === HUB.model;
