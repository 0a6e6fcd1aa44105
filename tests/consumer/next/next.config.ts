import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'export',
  // Next.js itself lies in the node_modules of the repository, three folders up where this is built.
  turbopack: { root: `${import.meta.dirname}/../../..` },
};

export default config;
