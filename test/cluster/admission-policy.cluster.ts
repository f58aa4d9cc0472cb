/**
 * ValidatingAdmissionPolicies against real servers: each pod is sent as a dry run to the namespace of each policy. What the
 * engine says for certain is what the server does; and where it says that every pod of a kind is refused, all are.
 */
import { beforeAll, expect, it } from 'vitest';
import { ANYBODY, decide } from '../../src/engines/admission-policy/index.ts';
import { FALSE, TRUE } from '../../src/engines/cel/index.ts';
import { ESCAPING_PODS, writeOf, writeOfAny } from '../../src/graph/escaping-pods.ts';
import type { Cluster } from '../../src/model/index.ts';
import { clusterOf } from '../rule-tester.ts';
import { POLICIES, type PolicyCase } from './admission-policy/policies.ts';
import { PODS, type TriedPod, WAYS } from './admission-policy/pods.ts';
import { type Ask, each, inBulk } from './bulk.ts';
import { describeCluster } from './describe-cluster.ts';
import { RELEASES } from './parts.ts';
import { waitFor } from './wait.ts';

type Fields = Readonly<Record<string, unknown>>;

const ALONE = ['kube-controller-manager', 'kube-scheduler'] as const;
const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
/** What a policy hangs on that nobody tells the engine, or on how long a pod is. */
const OPEN = new Set(['user', 'groups', 'authorizer', 'tokens', 'audited', 'resources', 'fails-ignored']);

for (const release of RELEASES) {
  describeCluster(`admission policies of ${release}`, { release, skip: ALONE, auditPolicy: 'off' }, (cluster) => {
    const refused = new Map<string, boolean>();
    let model: Cluster;

    beforeAll(async () => {
      await inBulk(cluster(), async (ask) => {
        const objects = await makePlaces(ask);
        model = clusterOf(objects, true);
        // Every policy of which it is known takes hold before the first answer counts.
        await waitFor('the last policy', async () => !(await answer(ask, 'ns-last', PODS[0]?.pod ?? {})));
        await each(
          POLICIES.flatMap((policy) => [...PODS, ...WAYS.flat()].map((pod) => ({ policy, pod }))),
          async ({ policy, pod }) => {
            refused.set(`${policy.name}/${pod.name}`, !(await answer(ask, placeOf(policy), pod.pod)));
          },
        );
      });
    });

    it('say of each pod what the engine says', () => {
      const wrong: string[] = [];
      const unsure = new Set<string>();
      let sure = 0;
      for (const policy of POLICIES) {
        for (const pod of [...PODS, ...WAYS.flat()]) {
          const said = saidOf(policy, pod);
          if (said === undefined) unsure.add(policy.name);
          else sure += 1;
          const isRefused = refused.get(`${policy.name}/${pod.name}`);
          if (said !== undefined && said !== isRefused)
            wrong.push(`${policy.name} of ${pod.name}: server ${isRefused === true ? 'refuses' : 'takes'}`);
        }
      }
      expect(wrong).toEqual([]);
      expect([...unsure].filter((name) => !OPEN.has(name))).toEqual([]);
      expect(sure).toBeGreaterThan(0.9 * refused.size);
    });

    it('refuse all pods of which the engine says that any is refused', () => {
      let gone = 0;
      for (const policy of POLICIES) {
        for (const [index, way] of ESCAPING_PODS.entries()) {
          const request = writeOfAny(way, { namespace: placeOf(policy), user: ANYBODY });
          if (decide(boundOf(policy), request, surroundings()) !== FALSE) continue;
          gone += 1;
          for (const { name } of WAYS[index] ?? [])
            expect([policy.name, name, refused.get(`${policy.name}/${name}`)]).toEqual([policy.name, name, true]);
        }
      }
      expect(gone).toBeGreaterThan(100);
    });

    /** Whether the engine says that a pod is refused; undefined where it cannot tell. */
    function saidOf(policy: PolicyCase, { pod }: TriedPod): boolean | undefined {
      const said = decide(boundOf(policy), writeOf(pod, { namespace: placeOf(policy), user: ANYBODY }), surroundings());
      if (said === TRUE) return false;
      return said === FALSE ? true : undefined;
    }

    function boundOf({ name }: PolicyCase): Parameters<typeof decide>[0] {
      const [policy, binding] = [
        model.tables.ValidatingAdmissionPolicy.get('', name),
        model.tables.ValidatingAdmissionPolicyBinding.get('', name),
      ];
      if (policy === undefined || binding === undefined) throw new Error(`${name} is not in the model`);
      return { policy, binding };
    }

    function surroundings(): Parameters<typeof decide>[2] {
      return { tables: model.tables, budget: { steps: 1e7 } };
    }
  });
}

function placeOf({ name }: PolicyCase): string {
  return `ns-${name}`;
}

/** Whether the server takes a pod; what it refuses for other reasons is a fault of the test. */
async function answer(ask: Ask, namespace: string, pod: Fields): Promise<boolean> {
  const given = await ask('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, { apiVersion: 'v1', kind: 'Pod', ...pod });
  if (given.status < 300) return true;
  const { message } = given.json() as { message: string };
  if (!message.includes('ValidatingAdmissionPolicy')) throw new Error(`${namespace}: ${message}`);
  return false;
}

/** Makes what each policy needs, and gives the objects as the server keeps them. */
async function makePlaces(ask: Ask): Promise<Fields[]> {
  const cases = [...POLICIES, { name: 'last', spec: { ...POLICIES[0]?.spec, validations: [{ expression: 'false' }] } }];
  const kept = await each(cases, async (policy: PolicyCase): Promise<Fields[]> => {
    const place = placeOf(policy);
    const made: Fields[] = [await make(ask, '/api/v1/namespaces', { metadata: { name: place, labels: policy.labels ?? {} } })];
    for (const name of ['default', 'admin-x']) await make(ask, `/api/v1/namespaces/${place}/serviceaccounts`, { metadata: { name } });
    for (const object of policy.objects ?? []) made.push(await make(ask, `/api/v1/namespaces/${place}/configmaps`, object));
    made.push(await make(ask, `${ADMISSION}/validatingadmissionpolicies`, { metadata: { name: policy.name }, spec: policy.spec }));
    const { matchResources = {}, ...others } = (policy.binding ?? {}) as { matchResources?: Fields };
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': place } };
    const spec = {
      policyName: policy.name,
      validationActions: ['Deny'],
      matchResources: { ...matchResources, namespaceSelector },
      ...others,
    };
    made.push(await make(ask, `${ADMISSION}/validatingadmissionpolicybindings`, { metadata: { name: policy.name }, spec }));
    return made;
  });
  return kept.flat();
}

async function make(ask: Ask, path: string, body: Fields): Promise<Fields> {
  const given = await ask('POST', path, body);
  if (given.status >= 300) throw new Error(`${path}: ${JSON.stringify(given.json())}`);
  return given.json() as Fields;
}
