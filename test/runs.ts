/** How often a property is tried: 200 in `npm test`, 1,000 in `.ci/run`, 10,000 in `npm run test:deep`. */
export const RUNS = Number(process.env.CASTELLAN_SEEDS ?? 200);

/** The deep run takes what would be too slow for every change. */
export const DEEP = process.env.CASTELLAN_DEEP === '1';
