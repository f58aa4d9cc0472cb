/** Words that the table and the page of `castellan versions` have in common. */
import type { ComponentEntry, RemovedEntry, StepEntry, UseEntry } from './document.ts';
import { plural } from '../../lib/terminal.ts';

/** `ended 2025-11-11`, `fixes until 2027-06-28, 1.36.4 is out`. */
export function supportText({ support, version }: ComponentEntry): string {
  if (support === null) return version === null ? 'not known: no version' : 'no dates known';
  const { state, end, extended, latest, behind } = support;
  const newer = behind === true && latest !== undefined ? `, ${latest} is out` : '';
  if (state === 'ended') return `${typeof end === 'string' ? `ended ${end}` : 'ended'}${newer}`;
  if (state === 'extended') return `ended ${String(end)}, extended until ${String(extended)}`;
  if (state === 'unlisted') return 'newer than the data';
  return `${typeof end === 'string' ? `fixes until ${end}` : 'supported'}${newer}`;
}

export function skewText({ skew, component }: ComponentEntry): string {
  if (skew === null) return 'not known';
  const [first] = skew;
  return first ?? (JUDGED.has(component) ? 'ok' : '');
}
const JUDGED = new Set([
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'cloud-controller-manager',
  'kubelet',
  'kube-proxy',
  'kubectl',
]);

export function holesText({ cves: { applies, unknown } }: ComponentEntry): string {
  if (applies + unknown === 0) return '';
  return unknown === 0 ? String(applies) : `${applies} + ${unknown} unclear`;
}

export function whereText({ nodes, count, where }: Pick<ComponentEntry, 'nodes' | 'count' | 'where'>): string {
  if (nodes.length > 1) return `${nodes.length} nodes`;
  return nodes[0] ?? (count === 1 ? (where[0]?.object ?? '') : `${count} places`);
}

export function removedText({ api, kinds, replacement }: RemovedEntry): string {
  const what = kinds.length === 0 ? api : `${api} ${kinds.join(', ')}`;
  return `${what} is gone${replacement === undefined ? ', and nothing replaces it' : `: use ${replacement}`}`;
}

export function useText({ how, who = 'somebody', agent, last, count, objects }: UseEntry): string {
  const when = last === undefined ? '' : `, last ${last}`;
  const client = agent === undefined || agent === '' ? '' : ` with ${agent}`;
  const named = `${objects[0] ?? ''}${count > 1 ? ` and ${count - 1} more` : ''}`;
  if (how === 'manifest') return `written so: ${named}`;
  if (how === 'last-applied') return `last applied so: ${named}`;
  if (how === 'client') return `written so by ${who}${when}: ${named}`;
  return `${plural(count, 'request')} of ${who}${client}${when}`;
}

export function closesText({ closes: { cves, findings } }: StepEntry): string {
  const ids = [...new Set(cves.map(({ id }) => id))];
  return [...ids, ...findings].join(', ') || 'nothing that is known';
}
