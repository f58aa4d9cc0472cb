import fc from 'fast-check';

/** How often a property is tried: 200 in `npm test`, 1,000 in `.ci/run`, 10,000 in `npm run test:deep`. */
export const RUNS = Number(process.env.CASTELLAN_SEEDS ?? 200);

/** The deep run takes what would be too slow for every change. */
export const DEEP = process.env.CASTELLAN_DEEP === '1';

/**
 * What random cases begin with. A change is judged by the same cases each time, so that a red build is the change's own
 * doing; the deep run looks for new ones, and what it finds becomes a test of its own. So every test file with properties
 * imports this one.
 */
if (!DEEP) fc.configureGlobal({ seed: 20_261_121 });
