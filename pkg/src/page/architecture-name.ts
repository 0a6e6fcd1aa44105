/** The architectures' names for people. */
import { architectures } from '../words/page/index.js';

const names: Readonly<Record<string, string>> = architectures;

/** How people write an architecture that `config.json` calls `model_type`. */
export const architectureName = (model_type: string): string => names[model_type] ?? model_type;
