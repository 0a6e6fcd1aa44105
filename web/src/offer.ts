/** The better model that screens offer: a copy that lies beside the site, else the hub's. */
import type { ModelOffer } from 'cloze/elements';

const NAME = 'SmolLM2-135M-Instruct';

/** On the hub, in half the precision and so as large as it is. */
const HUB: ModelOffer = {
  model: `HuggingFaceTB/${NAME}`,
  name: NAME,
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
    if (smollm2) return { model: `./${smollm2.path}`, name: NAME, bytes: smollm2.bytes };
  } catch {
    // A host that lost the list has lost the copy as well, as far as can be known.
  }
  return HUB;
}

/** What a link's model is on this host: one that lay beside another copy of the site may not lie beside this one. */
export const onThisHost = (model: string, offer: ModelOffer): string => (BESIDE.test(model) ? offer.model : model);
