/**
 * Which controls of the benchmarks of distributions ask the same as one of CIS Kubernetes 1.12, so that one rule answers
 * both. `4.1.1-6=5.1.1` reads: 4.1.1 to 4.1.6 are 5.1.1 to 5.1.6 there. Controls that are no one's there have rules that
 * name them.
 */
const RANGES: Readonly<Record<string, string>> = {
  'eks-1.8.0': `3.1.1-2=4.1.5 3.1.3-4=4.1.9 3.2.1-6=4.2.1 3.2.7=4.2.8 3.2.8-9=4.2.10 4.1.1-6=5.1.1 4.1.8-10=5.1.8 4.1.11-12=5.1.12
    4.2.1-5=5.2.2 4.3.1-2=5.3.1 4.4.1-2=5.4.1 4.5.1=5.6.1 4.5.2=5.6.4`,
  'aks-1.8': `3.1.1-2=4.1.5 3.2.1-6=4.2.1 3.2.7=4.2.8 3.2.8-9=4.2.10 4.1.1-6=5.1.1 4.1.7-12=5.1.8 4.2.1-5=5.2.2 4.4.2=5.3.2
    4.5.1-2=5.4.1 4.6.1=5.6.1 4.6.2-3=5.6.3`,
  'gke-1.9.0': `3.1.1-2=4.1.5 3.1.3-4=4.1.9 4.1.1-3=5.1.1 4.1.4-7=5.1.5 4.3.1-2=5.3.1 4.4.1-2=5.4.1 4.5.1=5.5.1 4.6.1-4=5.6.1`,
  'rh-1.8': `1.1.1-21=1.1.1 1.2.3-5=1.2.4 1.2.6=1.2.8 1.2.8=1.2.10 1.2.10-11=1.2.12 1.2.13=1.2.14 1.2.18=1.2.16 1.2.20-28=1.2.18
    1.2.29-30=1.2.28 1.3.2-4=1.3.3 2.1-7=2.1 3.1.1=3.1.1 3.2.1-2=3.2.1 4.1.1-10=4.1.1 4.2.2-7=4.2.1 4.2.8-11=4.2.8 4.2.13=4.2.12
    5.1.1-6=5.1.1 5.2.1-7=5.2.2 5.2.9=5.2.9 5.3.1-2=5.3.1 5.4.1-2=5.4.1 5.5.1=5.5.1 5.7.1-4=5.6.1`,
  'k3s-cis-1.9': `1.1.1-21=1.1.1 1.2.1-29=1.2.1 1.3.1-7=1.3.1 1.4.1-2=1.4.1 2.1-7=2.1 3.1.1-3=3.1.1 3.2.1-2=3.2.1 4.1.1-10=4.1.1
    4.2.1-13=4.2.1 4.3.1=4.3.1 5.1.1-13=5.1.1 5.2.1-8=5.2.1 5.2.10-13=5.2.9 5.3.1-2=5.3.1 5.4.1-2=5.4.1 5.5.1=5.5.1 5.7.1-4=5.6.1`,
  'rke2-cis-1.8': `1.1.1-21=1.1.1 1.2.1-11=1.2.1 1.2.13-30=1.2.12 1.3.1-7=1.3.1 1.4.1-2=1.4.1 2.1-7=2.1 3.1.1-3=3.1.1 3.2.1-2=3.2.1
    4.1.1-10=4.1.1 4.2.1-13=4.2.1 5.1.1-13=5.1.1 5.2.1-8=5.2.1 5.2.10-13=5.2.9 5.3.1-2=5.3.1 5.4.1-2=5.4.1 5.5.1=5.5.1 5.7.1-4=5.6.1`,
};

const KNOWN = new Map<string, ReadonlyMap<string, readonly string[]>>();

/** The controls of a benchmark by the control of CIS Kubernetes 1.12 that asks the same; empty where there are none. */
export function crosswalkOf(framework: string): ReadonlyMap<string, readonly string[]> {
  let known = KNOWN.get(framework);
  if (known === undefined) KNOWN.set(framework, (known = parse(RANGES[framework] ?? '')));
  return known;
}

function parse(ranges: string): ReadonlyMap<string, readonly string[]> {
  const byCis = new Map<string, string[]>();
  for (const [, own = '', start = '', end, cis = '', from = ''] of ranges.matchAll(/([\d.]*?)(\d+)(?:-(\d+))?=([\d.]*?)(\d+)(?=\s|$)/g)) {
    for (let number = Number(start); number <= Number(end ?? start); number += 1) {
      const key = `${cis}${Number(from) + number - Number(start)}`;
      byCis.set(key, [...(byCis.get(key) ?? []), `${own}${number}`]);
    }
  }
  return byCis;
}
