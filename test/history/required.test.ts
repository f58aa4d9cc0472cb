/** What a cluster needs though no log need hold it, in random clusters: what a change closes of it, against a brute force. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prove } from '../../src/changes/index.ts';
import { changeBetween } from '../../src/changes/between.ts';
import { toState } from '../../src/changes/state-examples.ts';
import { bruteForce } from '../network/brute-force.ts';
import { clusters } from '../network/clusters.ts';
import { DEEP, RUNS } from '../runs.ts';
import { oneOf } from './one-of.ts';

const CLUSTERS = DEEP ? RUNS : Math.ceil(RUNS / 4);
const TIMEOUT = 60_000 + CLUSTERS * 200;

type Raw = Record<string, unknown>;

const SERVER = '10.1.0.1';
const NEEDED: readonly Raw[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'coredns', namespace: 'kube-system', labels: { app: 'dns' } },
    spec: { dnsPolicy: 'None', containers: [{ name: 'c', image: 'x' }] },
    status: { podIPs: [{ ip: '10.66.0.1' }, { ip: 'fd66::1' }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', namespace: 'kube-system' },
    spec: { selector: { app: 'dns' }, ports: [{ port: 53, targetPort: 5353, protocol: 'UDP' }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default' },
    subsets: [{ addresses: [{ ip: SERVER }], ports: [{ port: 6443 }] }],
  },
  ...['n1', 'n2', 'n3'].flatMap((namespace) => ['a', 'b', 'c'].flatMap((app) => hookOf(namespace, app))),
];

function hookOf(namespace: string, app: string): Raw[] {
  const name = `hook-${app}`;
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { selector: { app }, ports: [{ port: 443, targetPort: 80 }] },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: `${namespace}-${app}` },
      webhooks: [{ name: 'a.b.c', clientConfig: { service: { namespace, name } } }],
    },
  ];
}

interface Pod {
  readonly kind: string;
  readonly metadata: { readonly namespace: string; readonly name: string; readonly labels: Record<string, string> };
  readonly spec: { readonly hostNetwork?: boolean };
}

/** Without one policy, or with one that closes a namespace. */
function changed(objects: readonly Raw[], dice: fc.GeneratorValue): Raw[] {
  const policies = objects.filter(({ kind }) => String(kind).endsWith('Policy'));
  const gone = dice(fc.boolean) ? oneOf(dice, policies) : undefined;
  if (gone !== undefined) return objects.filter((object) => object !== gone);
  const closed = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'closed', namespace: dice(fc.constantFrom, 'n1', 'n2', 'n3') },
    spec: { podSelector: {}, policyTypes: dice(fc.constantFrom, ['Ingress'], ['Egress'], ['Ingress', 'Egress']) },
  };
  return [...objects, closed];
}

/** Each connection that is needed, as a proof names it, with the question. */
function neededIn(objects: readonly Raw[]): { name: string; from: string; to: string; protocol: string; port: number }[] {
  const pods = (objects as unknown as Pod[]).filter(({ kind, metadata }) => kind === 'Pod' && metadata.namespace !== 'kube-system');
  return pods
    .filter(({ spec }) => spec.hostNetwork !== true)
    .flatMap(({ metadata: { namespace, name, labels } }) => {
      const own = `${namespace}/${name}`;
      const dns = {
        name: `dns ${own}[Pod] kube-system/coredns[Pod] UDP 5353`,
        from: own,
        to: 'kube-system/coredns',
        protocol: 'UDP',
        port: 5353,
      };
      const call = { name: `api-call ${SERVER}/32 ${own}[Pod] TCP 80`, from: SERVER, to: own, protocol: 'TCP', port: 80 };
      return labels.app === undefined ? [dns] : [dns, call];
    });
}

test(
  'a change breaks exactly what it closes of that',
  () => {
    const found = { dns: 0, 'api-call': 0, none: 0 };
    fc.assert(
      fc.property(clusters, fc.gen(), (cluster, dice) => {
        const objects = [...cluster, ...NEEDED];
        const after = changed(objects, dice);
        const closed = neededIn(objects).filter((probe) => bruteForce(objects, probe).allowed && !bruteForce(after, probe).allowed);
        const states = { before: toState(objects), after: toState(after) };
        const { denies, verdict } = prove(states, changeBetween(states.before, states.after), {});
        const told = denies.map(({ code, who, what }) => `${code} ${who} ${what.split(' (')[0]}`);
        expect(told.toSorted()).toEqual(closed.map(({ name }) => name).toSorted());
        expect(verdict === 'breaks').toBe(closed.length > 0);
        for (const { code } of denies) if (code === 'dns' || code === 'api-call') found[code] += 1;
        if (denies.length === 0) found.none += 1;
      }),
      { numRuns: CLUSTERS },
    );
    // Each happens, or the property would say nothing.
    expect(Math.min(...Object.values(found))).toBeGreaterThan(CLUSTERS / 50);
  },
  TIMEOUT,
);
