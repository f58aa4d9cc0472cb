/** Whether selectors mean a pod, where the input does not tell all labels: of namespaces that are not in it, and of pods not made yet. */
import { UNKNOWN_VALUE } from '../../model/index.ts';
import type { PodPeer } from './policy.ts';
import { type Selector, matches } from './selector.ts';
import { NAME_LABEL, type World } from './world.ts';

export type Meant = 'yes' | 'no' | 'maybe';

interface Labelled {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly host: boolean;
}

export function meansPod(world: World, { namespaces, pods }: PodPeer, { namespace, labels, host }: Labelled): Meant {
  if (host) return 'no';
  const [place, pod] = [meansNamespace(world, namespaces, namespace), meansLabels(pods, labels)];
  if (place === 'no' || pod === 'no') return 'no';
  return place === 'maybe' || pod === 'maybe' ? 'maybe' : 'yes';
}

/** Whether any of its labels, or of its namespace's, is not told. */
export function isUntold({ undeclared }: World, { namespace, labels }: Labelled): boolean {
  return undeclared.has(namespace) || Object.values(labels).includes(UNKNOWN_VALUE);
}

/** Every namespace has its name for a label, and nobody knows its others without the object. */
function meansNamespace({ namespaces, undeclared }: World, selector: Selector | string, name: string): Meant {
  if (typeof selector === 'string') return selector === name ? 'yes' : 'no';
  const labels = namespaces.get(name) ?? { [NAME_LABEL]: name };
  if (!undeclared.has(name)) return matches(selector, labels) ? 'yes' : 'no';
  if (!matches({ requirements: selector.requirements.filter(({ key }) => key === NAME_LABEL) }, labels)) return 'no';
  return asksLabels(selector) ? 'maybe' : 'yes';
}

/** More than the name. */
export function asksLabels(selector: Selector | string): boolean {
  return typeof selector !== 'string' && selector.requirements.some(({ key }) => key !== NAME_LABEL);
}

/** Of a label that a controller gives it is known that it is there, if not its value. */
function meansLabels({ requirements }: Selector, labels: Labelled['labels']): Meant {
  const open = requirements.filter((one) => 'values' in one && labels[one.key] === UNKNOWN_VALUE);
  if (open.length === 0) return matches({ requirements }, labels) ? 'yes' : 'no';
  return matches({ requirements: requirements.filter((one) => !open.includes(one)) }, labels) ? 'maybe' : 'no';
}
