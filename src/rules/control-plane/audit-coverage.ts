/** What an audit policy records of the requests that matter in an investigation, as CIS 3.2.2 asks. */
import {
  AUTHENTICATED,
  type AuditPolicy,
  type Part,
  type ResourceScope,
  partsOf,
  storedContents,
} from '../../engines/audit-policy/index.ts';
import { type Touched, touchedBy } from './audit-parts.ts';

export interface Shortfall {
  /** The requests in words. */
  readonly what: string;
  readonly wanted: 'recorded' | 'without-content';
  /** The part of the policy that touches most. */
  readonly part: Part;
  readonly touched: Touched;
}

const READS = ['get', 'list', 'watch'];
const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const CONNECTS = ['get', 'create'];

const RECORDED: readonly (readonly [what: string, group: string, verbs: readonly string[], scope: ResourceScope])[] = [
  ['secrets', '', [...READS, ...WRITES], 'namespaced'],
  ['configmaps', '', [...READS, ...WRITES], 'namespaced'],
  ['tokenreviews', 'authentication.k8s.io', ['create'], 'cluster'],
  ['pods', '', WRITES, 'namespaced'],
  ['deployments', 'apps', WRITES, 'namespaced'],
  ['pods/exec', '', CONNECTS, 'namespaced'],
  ['pods/portforward', '', CONNECTS, 'namespaced'],
  ['pods/proxy', '', CONNECTS, 'namespaced'],
  ['services/proxy', '', CONNECTS, 'namespaced'],
];

/** Where the policy records less than it should, or writes credentials into the log. */
export function shortfalls(policy: AuditPolicy): Shortfall[] {
  const found: Shortfall[] = [];
  for (const [what, group, verbs, scope] of RECORDED) {
    const [resource = '', subresource = ''] = what.split('/');
    const { parts } = partsOf(policy, { who: AUTHENTICATED, verbs, targets: [{ group, resource, subresource, scope }], paths: [] });
    note(
      what,
      'recorded',
      parts.filter(({ level }) => level === 'None').filter((part) => !isLock(what, policy, part)),
    );
  }
  for (const { id, parts } of storedContents(policy)) if (id !== 'serviceaccounts/token') note(id, 'without-content', parts);
  return found;

  function note(what: string, wanted: Shortfall['wanted'], parts: readonly Part[]): void {
    const touching = parts.map((part) => ({ part, touched: touchedBy(policy, part) })).filter(({ touched }) => touched !== 'components');
    const worst = touching.find(({ touched }) => touched === 'everyone') ?? touching[0];
    if (worst !== undefined) found.push({ what, wanted, ...worst });
  }
}

/** Leaders used to be elected by ConfigMaps of known names, which are written all the time. */
function isLock(what: string, { rules }: AuditPolicy, { rule }: Part): boolean {
  const decider = rule === undefined ? undefined : rules[rule];
  return (
    what === 'configmaps' &&
    decider !== undefined &&
    decider.resources.length > 0 &&
    decider.resources.every(({ resourceNames }) => resourceNames.length > 0)
  );
}
