/** Functions that say what the server fills in, each asked the same as the server, over all that makes a difference. */
import { beforeAll, expect, it } from 'vitest';
import { automountsToken, imagePullPolicy, volumeSources } from '../../../src/model/index.ts';
import { policyTypesOf } from '../../../src/rules/network/policies.ts';
import { limitOf, requestOf } from '../../../src/rules/resources/amounts.ts';
import { clusterOf } from '../../rule-tester.ts';
import { type Ask, each, inBulk } from '../bulk.ts';
import { describeCluster } from '../describe-cluster.ts';
import { RELEASES } from '../parts.ts';
import type { Fields } from './served.ts';

const ALONE = ['kube-controller-manager', 'kube-scheduler'] as const;
const IMAGES = ['', ':1', ':latest', ':Latest', '@sha256:', ':1@sha256:', ':latest@sha256:'].flatMap((end) =>
  ['app', 'example.test/app', 'example.test:5000/a/app'].map((name) => name + end.replace('sha256:', `sha256:${'0'.repeat(64)}`)),
);
const MAYBE = [undefined, true, false];
const RULE = [{}];
/** None, or an amount that lies in order between the others. */
const AMOUNTS = { min: '100m', defaultRequest: '200m', default: '500m', max: '1' } as const;
const OWN = [{}, { requests: { cpu: '300m' } }, { limits: { cpu: '400m' } }, { requests: { cpu: '300m' }, limits: { cpu: '400m' } }];

interface KeptPod {
  spec: {
    containers: { imagePullPolicy: string; resources: { limits?: { cpu?: string }; requests?: { cpu?: string } } }[];
    volumes?: { name: string }[];
  };
}

for (const release of RELEASES) {
  describeCluster(`assumptions about ${release}`, { release, skip: ALONE, auditPolicy: 'off' }, (cluster) => {
    beforeAll(() => inBulk(cluster(), (ask) => make(ask, '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } })));

    it('pull policies follow from names of images', async () => {
      const kept = await inBulk(cluster(), (ask) => each(IMAGES, (image) => pod(ask, { containers: [{ name: 'a', image }] })));
      const theirs = kept.map(({ spec }) => spec.containers[0]?.imagePullPolicy);
      expect(IMAGES.map((image, index) => `${image} ${theirs[index]}`)).toEqual(
        IMAGES.map((image) => `${image} ${imagePullPolicy({ image })}`),
      );
    });

    it('the pod says whether it gets a token, then its account', async () => {
      const wanted = MAYBE.flatMap((ofPod) => MAYBE.map((ofAccount) => ({ ofPod, ofAccount })));
      await inBulk(cluster(), (ask) =>
        each(wanted, async ({ ofPod, ofAccount }) => {
          const account = { metadata: { name: `a-${ofPod}-${ofAccount}` }, automountServiceAccountToken: ofAccount };
          await make(ask, '/api/v1/namespaces/default/serviceaccounts', account);
          const spec = { ...PLAIN, serviceAccountName: account.metadata.name, automountServiceAccountToken: ofPod };
          const [known] = clusterOf([{ apiVersion: 'v1', kind: 'ServiceAccount', ...account }]).tables.ServiceAccount.all;
          const { volumes = [] } = (await pod(ask, spec)).spec;
          expect(volumes.length === 1, JSON.stringify({ ofPod, ofAccount })).toBe(
            automountsToken(ofPod === undefined ? {} : { automountServiceAccountToken: ofPod }, known),
          );
        }),
      );
    });

    it('a volume of which only the name is written is empty', async () => {
      const kept = await inBulk(cluster(), (ask) => pod(ask, { ...PLAIN, automountServiceAccountToken: false, volumes: [{ name: 'a' }] }));
      expect(kept.spec.volumes).toEqual([{ name: 'a', [volumeSources({ name: 'a' })[0] ?? '']: {} }]);
    });

    it('types of policies follow from their rules', async () => {
      const specs = [undefined, [], RULE].flatMap((ingress) =>
        [undefined, [], RULE].flatMap((egress) => [undefined, [], ['Egress']].map((policyTypes) => ({ ingress, egress, policyTypes }))),
      );
      const path = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies?dryRun=All';
      await inBulk(cluster(), (ask) =>
        each(specs, async (spec) => {
          const kept = await make(ask, path, { metadata: { name: 'a' }, spec: { podSelector: {}, ...spec } });
          // As a file has it: what is undefined is not there.
          const written = JSON.parse(JSON.stringify(spec)) as Parameters<typeof policyTypesOf>[0];
          expect((kept.spec as Fields).policyTypes, JSON.stringify(spec)).toEqual(policyTypesOf(written));
        }),
      );
    });

    it('limits and requests follow from each other and from a LimitRange', async () => {
      const ranges = subsetsOf(Object.entries(AMOUNTS)).filter((chosen) => chosen.length > 0);
      await inBulk(cluster(), (ask) => each(ranges, (chosen) => compareAmounts(ask, Object.fromEntries(chosen))));
    });
  });
}

const PLAIN = { containers: [{ name: 'a', image: 'a' }] };

/** In a namespace with a LimitRange of these amounts of CPU. */
async function compareAmounts(ask: Ask, amounts: Readonly<Record<string, string>>): Promise<void> {
  const namespace = `with-${Object.keys(amounts).join('-').toLowerCase()}`;
  const limits = [{ type: 'Container', ...Object.fromEntries(Object.entries(amounts).map(([name, cpu]) => [name, { cpu }])) }];
  const range = { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'a', namespace }, spec: { limits } };
  await make(ask, '/api/v1/namespaces', { metadata: { name: namespace } });
  await make(ask, `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'default' } });
  await make(ask, `/api/v1/namespaces/${namespace}/limitranges`, range);
  for (const resources of OWN) {
    const written = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', namespace },
      spec: { containers: [{ ...PLAIN.containers[0], resources }] },
    };
    const { tables, workloads } = clusterOf([range, written]);
    const [container] = workloads[0]?.containers ?? [];
    if (container === undefined) throw new Error('no container');
    const ours = [limitOf(container, 'cpu', tables.LimitRange), requestOf(container, 'cpu', tables.LimitRange)];
    const kept = (await pod(ask, written.spec, namespace)).spec.containers[0]?.resources;
    expect([kept?.limits?.cpu, kept?.requests?.cpu], `${namespace} ${JSON.stringify(resources)}`).toEqual(ours);
  }
}

async function pod(ask: Ask, spec: Fields, namespace = 'default'): Promise<KeptPod> {
  return (await make(ask, `/api/v1/namespaces/${namespace}/pods?dryRun=All`, { metadata: { name: 'a' }, spec })) as unknown as KeptPod;
}

async function make(ask: Ask, path: string, body: Fields): Promise<Fields> {
  const answer = await ask('POST', path, body);
  if (answer.status !== 201) throw new Error(`${path} ${JSON.stringify(body)}: ${answer.text}`);
  return answer.json() as Fields;
}

/** All ways to leave some out. */
function subsetsOf<T>(items: readonly T[]): T[][] {
  const masks = Array.from({ length: 2 ** items.length }, (_, mask) => mask);
  return masks.map((mask) => items.filter((_, index) => (mask & (2 ** index)) !== 0));
}
