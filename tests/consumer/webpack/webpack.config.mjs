/** @type {import('webpack').Configuration} */
export default {
  mode: 'production',
  context: import.meta.dirname,
  entry: './src/main.js',
  output: { path: `${import.meta.dirname}/dist` },
  // The package is minified already: doing so once more takes ten seconds and saves nothing.
  optimization: { minimize: false },
  // A build of the core is no script that is too large.
  performance: { hints: false },
};
