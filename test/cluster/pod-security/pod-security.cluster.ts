/**
 * The Pod Security engine against the admission of real servers: each pod is sent as a dry run to namespaces that
 * enforce a level at a version, and the controls that the server names are those that the engine names.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { CONTROLS } from '../../../src/engines/pod-security/registry.ts';
import { isHere, readLines } from '../../conformance/corpora.ts';
import { inBulk } from '../bulk.ts';
import { describeCluster } from '../describe-cluster.ts';
import { RELEASES, type Release } from '../parts.ts';
import type { Fields } from '../filled-in/served.ts';
import { explanationsOf } from './differences.ts';
import { makePlaces } from './places.ts';
import { randomContainers, randomPods } from './random-pods.ts';
import { type Outcome, type Trial, addedContainer, createdDeployment, createdPod, tryAll } from './trials.ts';
import type { Container } from './twists.ts';
import type { Level, Policy } from './verdict.ts';

const CASES = 'corpora/posture/pod-security/cases.ndjson';
const ALONE = ['kube-controller-manager', 'kube-scheduler'] as const;
/** Fields that 1.31 does not keep unless it is told to. */
const FEATURES = { '1.31.0': { ProcMountType: true, UserNamespacesSupport: true, ImageVolume: true }, '1.36.3': {} } as const;
/** Each release that changed a control, the one before it, and two that no server here knows. */
const VERSIONS = [
  ...[0, 7, 8, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 99].map((minor) => `1.${minor}`),
  'latest',
];
const POLICIES = (['baseline', 'restricted'] as const).flatMap((level) => VERSIONS.map((version) => ({ level, version })));
const RANDOM_PODS = 600;
const RANDOM_DEPLOYMENTS = 200;
const RANDOM_CONTAINERS = 100;
/** CASTELLAN_SEED makes other pods. */
const SEED = Number(process.env.CASTELLAN_SEED ?? 20260101);

interface Case {
  id: string;
  level: Level;
  pod: { metadata: Fields; spec: { ephemeralContainers?: Container[] } };
}

for (const release of RELEASES) {
  const options = { release, skip: ALONE, auditPolicy: 'off', features: FEATURES[release] } as const;
  describeCluster(`Pod Security in ${release}`, options, (cluster) => {
    const explained = new Set<string>();

    beforeAll(() => inBulk(cluster(), (ask) => makePlaces(ask, POLICIES)));

    async function tried(trials: readonly Trial[]): Promise<Outcome> {
      const outcome = await inBulk(cluster(), (ask) => tryAll(ask, release, trials));
      for (const why of outcome.explained) explained.add(why);
      expect(outcome.differences).toEqual([]);
      // Invalid pods, and nothing else, are refused for other reasons.
      expect([...outcome.refused].filter(([, reason]) => !reason.startsWith('422 '))).toEqual([]);
      return outcome;
    }

    it('of random pods is what the engine says', async () => {
      const pods = randomPods(RANDOM_PODS, SEED);
      const { reached, named } = await tried(pods.map((pod, index) => createdPod(`pod ${index}`, pod, someOf(index))));
      expect(reached).toBeGreaterThanOrEqual(500);
      // Each control that the release has is broken by some.
      const there = CONTROLS.filter(({ versions }) => (versions[0]?.since ?? 0) <= Number(release.split('.')[1]));
      expect([...named].toSorted()).toEqual(there.map(({ id }) => id).toSorted());
    });

    it('of Deployments that make such pods is what the engine says', async () => {
      const pods = randomPods(RANDOM_DEPLOYMENTS, SEED + 1);
      const { reached, named } = await tried(pods.map((pod, index) => createdDeployment(`deployment ${index}`, pod, someOf(index))));
      expect(reached).toBeGreaterThan(0.8 * RANDOM_DEPLOYMENTS);
      expect(named.size).toBeGreaterThan(12);
    });

    it('of containers that are put into a running pod is what the engine says', async () => {
      const containers = randomContainers(RANDOM_CONTAINERS, SEED);
      const { reached } = await tried(containers.map((container, index) => addedContainer(container.name, container, someOf(index))));
      expect(reached).toBeGreaterThan(0.8 * RANDOM_CONTAINERS);
    });

    describe.skipIf(!isHere(CASES))('of the corpus (needs ../shared/corpora)', () => {
      it('is what the engine says at each version that changed a control', async () => {
        const cases = readLines<Case>(CASES);
        const { reached } = await tried(cases.map((each) => trialOf(each, release)));
        expect(reached).toBeGreaterThan(0.9 * cases.length);
      });

      it('needs every explanation that is given for a difference', () => {
        expect([...explained].toSorted()).toEqual(explanationsOf(release).toSorted());
      });
    });
  });
}

/** At its level and each version that changed a control. Containers that are put into a running pod are refused in a new one. */
function trialOf({ id, level, pod }: Case, release: Release): Trial {
  const changes = new Set(CONTROLS.flatMap(({ versions }) => versions.map(({ since }) => `1.${since}`)));
  const isKnown = (version: string): boolean => Number(version.split('.')[1]) <= Number(release.split('.')[1]);
  const versions = ['latest', ...[...changes].filter(isKnown)];
  const policies = versions.map((version) => ({ level, version }));
  const [ephemeral] = pod.spec.ephemeralContainers ?? [];
  return ephemeral === undefined ? createdPod(id, pod, policies) : addedContainer(id, ephemeral, policies);
}

/** Both levels at the newest version, and each at another. */
function someOf(index: number): Policy[] {
  const version = VERSIONS[index % VERSIONS.length] ?? 'latest';
  const other = VERSIONS[(index * 7 + 3) % VERSIONS.length] ?? 'latest';
  return [
    { level: 'baseline', version: 'latest' },
    { level: 'restricted', version: 'latest' },
    { level: 'baseline', version },
    { level: 'restricted', version: other },
  ];
}
