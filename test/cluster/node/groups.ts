/** The control groups that hold the pods of a node apart from those of others, in the layout of the first version or the second. */
import { mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
const PROCESSORS = join(ROOT, 'cpuset');
const FIRST_VERSION = 0x27_e0_eb;

/** Makes the group; the answer is every folder that it may have in the end, as programs on the node make more of them. */
export function makeGroups(name: string): string[] {
  const trees = readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(ROOT, entry.name));
  const first = trees.filter((path) => statfsSync(path).type === FIRST_VERSION);
  for (const tree of first.length > 0 ? first : [ROOT]) mkdirSync(join(tree, name), { recursive: true });
  if (first.includes(PROCESSORS)) inheritProcessors(join(PROCESSORS, name));
  return first.length > 0 ? trees.map((tree) => join(tree, name)) : [join(ROOT, name)];
}

/** A group of the first version has no processors and no memory until it is told. */
function inheritProcessors(group: string): void {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) writeFileSync(join(group, file), readFileSync(join(group, '..', file)));
}
