/** microk8s runs its components inside of one program, each with the flags of a file of its own. */
import { NODE_PLACES, type NodeFacts, type ProcessFact } from '../../snapshot/index.ts';
import { COMPONENTS, type ComponentName } from '../command-line/index.ts';
import type { Embedded } from './k3s.ts';
import { fileOrigin } from './provenance.ts';

const DATA = '/var/snap/microk8s/current';

export function componentsOfMicrok8s(facts: NodeFacts): Embedded[] {
  const process = facts.processes.find(({ name }) => name === 'kubelite');
  return NODE_PLACES['component-args'].flatMap((path) => {
    const component = COMPONENTS.find((name): name is ComponentName => path.endsWith(`/${name}`));
    const file = facts.files.find((each) => each.path === path && each.pid === undefined);
    if (component === undefined || file?.text === undefined) return [];
    const origin = fileOrigin(facts.node, path);
    const given = file.text
      .split('\n')
      .filter((line) => !/^\s*(?:#|$)/.test(line))
      .flatMap((line) => line.trim().split(/\s+/))
      .map((text) => text.replaceAll(/\$\{?SNAP_DATA\}?/g, DATA));
    const words = given.map((text, index) => ({ text, shown: { origin, path: `words[${index}]` } }));
    return [{ component, words: [{ text: component }, ...words], origin, list: 'words', ...running(process) }];
  });
}

function running(process: ProcessFact | undefined): { process?: ProcessFact } {
  return process === undefined ? {} : { process };
}
