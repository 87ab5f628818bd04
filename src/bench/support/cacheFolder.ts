/** Where the benchmarks keep what they found, and what they build or install for themselves. */
export const cacheFolder = new URL(
  '../../../node_modules/.cache/heartline-bench/',
  import.meta.url,
);
