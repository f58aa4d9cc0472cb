/** Versions of real clusters: what they answer, what their nodes tell, and what follows from both. */
import { expect, it } from 'vitest';
import { runCommand } from './command.ts';
import { describeCluster } from './describe-cluster.ts';
import { RELEASES } from './parts.ts';

interface Versions {
  kubernetes: { version: string };
  components: {
    component: string;
    version: string;
    count: number;
    nodes: string[];
    support: { state: string; latest: string } | null;
    skew: string[];
  }[];
  cves: { id: string; component: string; applies: string; because: string; fixed: string[] }[];
  upgrade: {
    from: string;
    to: string;
    steps: {
      to: string;
      removed: { api: string; uses: { how: string; who: string; agent: string; count: number }[] }[];
      closes: { cves: { id: string }[]; findings: string[] };
    }[];
  };
  requests: { read: boolean };
}

/** Nobody could say what a date of tomorrow makes of it. */
const ON = ['--on', '2026-08-22', '-q'];

/** What the facts say of these releases when no setting is known but what the cluster itself tells. */
const EXPECTED = {
  '1.36.3': { state: 'supported', latest: '1.36.4', steps: ['1.36.4'], yes: [], no: ['CVE-2021-25740'] },
  '1.31.0': {
    state: 'ended',
    latest: '1.31.14',
    steps: ['1.31.14', '1.32', '1.33', '1.34', '1.35', '1.36'],
    yes: [],
    no: ['CVE-2021-25740', 'CVE-2024-9042'],
  },
} as const;

for (const release of RELEASES) {
  describeCluster(`versions of ${release}`, { release, nodes: 1 }, (cluster) => {
    const ask = async (...more: string[]): Promise<Versions> => {
      const { stdout, stderr, exit } = await runCommand(['versions', '--kubeconfig', cluster().kubeconfig, '-f', 'json', ...ON, ...more]);
      expect(stderr).toBe('');
      expect(exit).toBe(0);
      return JSON.parse(stdout) as Versions;
    };

    it('are what the server answers and the nodes tell', async () => {
      const wanted = EXPECTED[release];
      const { kubernetes, components, cves, upgrade, requests } = await ask();
      expect(kubernetes.version).toBe(release);
      const server = components.find(({ component }) => component === 'kube-apiserver');
      expect(server).toMatchObject({ version: release, support: { state: wanted.state, latest: wanted.latest }, skew: [] });
      const told = JSON.parse(await cluster().kubectl(['get', 'nodes', '-o', 'json'])) as {
        items: { metadata: { name: string }; status: { nodeInfo: { kubeletVersion: string } } }[];
      };
      for (const { metadata, status } of told.items) {
        const kubelet = components.find(({ component, nodes }) => component === 'kubelet' && nodes.includes(metadata.name));
        expect(`v${kubelet?.version}`).toBe(status.nodeInfo.kubeletVersion);
      }
      const of = (applies: string): string[] => cves.filter((each) => each.applies === applies).map(({ id }) => id);
      expect(of('no')).toEqual(expect.arrayContaining([...wanted.no]));
      expect(of('yes')).toEqual(expect.arrayContaining([...wanted.yes]));
      // Nothing tells the flags of this API server, so what they decide is open.
      expect(of('unknown')).toEqual(expect.arrayContaining(['CVE-2020-8554', 'CVE-2020-8561']));
      expect(upgrade.steps.map(({ to }) => to)).toEqual(wanted.steps);
      expect(requests.read).toBe(false);
    });

    it('tell which objects and requests use what goes', async () => {
      // 1.31 still serves a version that goes with 1.32.
      if (release !== '1.31.0') return;
      await cluster().kubectl(['get', '--raw', '/apis/flowcontrol.apiserver.k8s.io/v1beta3/flowschemas']);
      const { upgrade, requests } = await ask('--audit', cluster().auditLog);
      expect(requests.read).toBe(true);
      const step = upgrade.steps.find(({ to }) => to === '1.32');
      const uses =
        step?.removed.flatMap(({ api, uses: own }) => own.map(({ how, agent }) => `${api} ${how} ${agent?.split('/')[0]}`)) ?? [];
      expect(uses).toContain('flowcontrol.apiserver.k8s.io/v1beta3 request kubectl');
    });
  });
}
