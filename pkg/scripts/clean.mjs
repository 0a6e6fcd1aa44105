// Removes what older builds left in dist/; what cargo xtask puts there stays.
import { existsSync, readdirSync, rmSync } from 'node:fs';

const dist = new URL('../dist/', import.meta.url);
const KEPT = ['wasm', 'wasm-lean', 'wasm-train', 'docs'];
const found = existsSync(dist) ? readdirSync(dist) : [];
for (const name of found) if (!KEPT.includes(name)) rmSync(new URL(name, dist), { recursive: true });
