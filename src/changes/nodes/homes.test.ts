import { describe, expect, it } from 'vitest';
import { COMPONENTS } from '../../engines/command-line/index.ts';
import type { NodeFacts } from '../../snapshot/index.ts';
import { fileAt, homeOf, keptBy, restartOf } from './homes.ts';
import { factsOf, fileOf, manifestOf, unitOf, viewOf } from './node-examples.ts';

const API = { pid: 7, name: 'kube-apiserver', argv: ['kube-apiserver', '--v=2'] };
const KUBELET = { pid: 9, name: 'kubelet', argv: ['kubelet', '--v=2'] };

function homeIn(facts: Partial<NodeFacts>, component: (typeof COMPONENTS)[number] = 'kube-apiserver'): ReturnType<typeof homeOf> {
  return homeOf(viewOf(factsOf(facts)), component);
}

describe('where a component is started from', () => {
  it('is its manifest, whatever runs', () => {
    const home = homeIn({ files: [manifestOf('kube-apiserver', '--v=2')], processes: [API] });
    expect(home).toMatchObject({ kind: 'manifest', pod: { file: { path: '/etc/kubernetes/manifests/kube-apiserver.yaml' } } });
  });

  it('is the unit that starts it, with variables put in', () => {
    const unit = unitOf('kubelet.service', '/usr/bin/kubelet $ARGS', 'EnvironmentFile=/etc/default/kubelet');
    const home = homeIn({ units: [unit], files: [fileOf('/etc/default/kubelet', 'ARGS=--v=4\n')] }, 'kubelet');
    expect(home).toMatchObject({ kind: 'unit', unit: { name: 'kubelet.service' }, argv: ['/usr/bin/kubelet', '--v=4'] });
    expect(homeIn({ units: [unit] }).kind).toBe('elsewhere');
  });

  it('is nowhere that was seen, and then the process is named', () => {
    expect(homeIn({ processes: [API] })).toEqual({
      kind: 'elsewhere',
      where: 'where process 7 (kube-apiserver) is started, which is neither a manifest nor a unit that was seen',
    });
    expect(homeIn({})).toMatchObject({ where: expect.stringMatching(/^where kube-apiserver is started/) as string });
  });
});

describe('where distributions keep it', () => {
  it.each([
    ['rke2', [API], 'rke2-server'],
    ['rke2', [KUBELET], 'rke2-agent'],
    ['k3s', [API], 'k3s'],
    ['k3s', [KUBELET], 'k3s-agent'],
  ])('%s with %j: %s', (distribution, processes, service) => {
    expect(homeIn({ distribution, processes }, 'kubelet')).toEqual({
      kind: 'rancher',
      path: `/etc/rancher/${distribution}/config.yaml`,
      key: 'kubelet-arg',
      service,
    });
  });

  it('a manifest that RKE2 wrote is not the place', () => {
    expect(homeIn({ distribution: 'rke2', files: [manifestOf('kube-apiserver')] }).kind).toBe('rancher');
  });

  it('k0s has them in one file, but for what runs on workers', () => {
    expect(homeIn({ distribution: 'k0s' })).toEqual({ kind: 'k0s', path: '/etc/k0s/k0s.yaml', at: ['spec', 'api', 'extraArgs'] });
    expect(homeIn({ distribution: 'k0s' }, 'kubelet')).toMatchObject({
      kind: 'elsewhere',
      where: expect.stringContaining('workerProfiles') as string,
    });
  });

  it('microk8s has a file of lines for each', () => {
    expect(homeIn({ distribution: 'microk8s' }, 'kube-scheduler')).toEqual({
      kind: 'lines',
      path: '/var/snap/microk8s/current/args/kube-scheduler',
    });
  });

  it.each([
    ['talos', 'kubelet', /machine\.kubelet\.extraConfig .*--nodes node1/],
    ['openshift', 'kubelet', /KubeletConfig object/],
    ['openshift', 'kube-scheduler', /operator of kube-scheduler/],
    ['eks', 'kubelet', /NodeConfig/],
    ['aks', 'kubelet', /az aks nodepool/],
    ['gke', 'kubelet', /gcloud container node-pools/],
  ] as const)('%s: %s in words', (distribution, component, where) => {
    const home = homeIn({ distribution }, component);
    expect(home.kind === 'elsewhere' ? home.where : home.kind).toMatch(where);
  });

  it('a unit that was seen comes before what a provider says of its pools', () => {
    expect(homeIn({ distribution: 'eks', units: [unitOf('kubelet.service', 'kubelet --v=2')] }, 'kubelet').kind).toBe('unit');
  });
});

describe('what follows from the place', () => {
  it('is what has to be started anew', () => {
    const unit = homeIn({ units: [unitOf('kubelet.service', 'kubelet --v=2')] }, 'kubelet');
    expect(restartOf(unit, 'kubelet')).toBe(
      'systemctl daemon-reload && systemctl restart kubelet.service: pods go on running; the node is not heard of for some seconds',
    );
    expect(restartOf(homeIn({ distribution: 'k3s', processes: [API] }), 'kube-apiserver')).toMatch(/^systemctl restart k3s: /);
    expect(restartOf(homeIn({ distribution: 'k0s' }), 'etcd')).toMatch(/^systemctl restart k0scontroller: .*wait until it is healthy/);
    expect(restartOf(homeIn({ distribution: 'microk8s' }), 'kubelet')).toMatch(/^snap restart microk8s/);
    expect(restartOf(homeIn({ files: [manifestOf('kube-apiserver')] }), 'kube-apiserver')).toMatch(
      /^the kubelet starts kube-apiserver anew/,
    );
    for (const component of COMPONENTS) expect(restartOf(homeIn({}), component)).toMatch(/has to be started anew: ./);
  });

  it('is where kubeadm would write it anew from, and nothing elsewhere', () => {
    const kept = (facts: Partial<NodeFacts>, component: (typeof COMPONENTS)[number]): string[] => {
      const view = viewOf(factsOf(facts));
      return keptBy(homeOf(view, component), component, view);
    };
    expect(kept({}, 'kubelet')).toEqual([expect.stringContaining('ConfigMap kube-system/kubelet-config')]);
    expect(kept({ files: [manifestOf('etcd')] }, 'etcd')).toEqual([expect.stringContaining('etcd.local.extraArgs')]);
    expect(kept({ distribution: 'kind', files: [manifestOf('kube-apiserver')] }, 'kube-apiserver')).toHaveLength(1);
    expect(kept({ distribution: 'kubernetes', files: [manifestOf('etcd')] }, 'etcd')).toEqual([]);
    expect(kept({ processes: [API] }, 'kube-apiserver')).toEqual([]);
  });

  it('a file is that of the node, and not what a pod has at its path', () => {
    const facts = factsOf({ files: [{ ...fileOf('/etc/x', 'of a pod'), pid: 7 }, fileOf('/etc/x', 'of the node')] });
    expect(fileAt({ facts }, '/etc/x')?.text).toBe('of the node');
    expect(fileAt({ facts }, '/etc/y')).toBeUndefined();
  });
});
