/** How each part is built. This file is part of the key of the cache: what is changed here builds everything anew. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Part } from '../parts.ts';

/** One call of Go in a folder beside this file. */
export interface Step {
  folder: string;
  args: readonly string[];
  /** runc enters namespaces in C, before the threads of Go start. */
  cgo?: boolean;
}

/** The one program of the control plane picks what it is by the name that it is called with. */
export const NAMES_OF_KUBEBOX = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'kubelet',
  'kubectl',
  'etcd',
  'etcdctl',
  'etcdutl',
] as const;

const SMALL = '-s -w';

const RECIPES: Record<Part, (into: string) => readonly Step[]> = {
  'control-1.36.3': (into) => [control('go.mod', into)],
  'control-1.31.0': (into) => [control('go.1.31.0.mod', into)],
  kwok: (into) => [kwok(into)],
  node: (into) => [containerd(into), networkPlugins(into), runc(into)],
};

/** The calls that build a part into a folder; its path ends with a slash. */
export function stepsOf(part: Part, into: string): readonly Step[] {
  return RECIPES[part](into);
}

function control(modules: string, into: string): Step {
  const release = versionIn(modules, 'k8s.io/kubernetes');
  const [major, minor] = release.slice(1).split('.');
  const stated = { gitVersion: release, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const flags = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((place) =>
    Object.entries(stated).map(([name, value]) => `-X ${place}.${name}=${value}`),
  );
  const ldflags = [SMALL, ...flags].join(' ');
  return { folder: '.', args: [`-modfile=${modules}`, '-tags', 'grpcnotrace,selinux', '-ldflags', ldflags, '-o', `${into}kubebox`, '.'] };
}

function kwok(into: string): Step {
  const module = 'sigs.k8s.io/kwok';
  const ldflags = `${SMALL} -X ${module}/pkg/consts.Version=${versionIn('kwok/go.mod', module)}`;
  return { folder: 'kwok', args: ['-ldflags', ldflags, '-o', `${into}kwok`, `${module}/cmd/kwok`] };
}

function containerd(into: string): Step {
  const module = 'github.com/containerd/containerd/v2';
  const ldflags = `${SMALL} -X ${module}/version.Version=${versionIn('node/go.mod', module)}`;
  const programs = ['containerd', 'containerd-shim-runc-v2', 'ctr'].map((name) => `${module}/cmd/${name}`);
  return { folder: 'node', args: ['-tags', 'no_btrfs,no_devmapper,no_zfs', '-ldflags', ldflags, '-o', into, ...programs] };
}

function networkPlugins(into: string): Step {
  const programs = ['main/bridge', 'main/loopback', 'ipam/host-local', 'meta/portmap'];
  const places = programs.map((name) => `github.com/containernetworking/plugins/plugins/${name}`);
  return { folder: 'node', args: ['-ldflags', SMALL, '-o', `${into}cni/`, ...places] };
}

function runc(into: string): Step {
  const module = 'github.com/opencontainers/runc';
  const version = versionIn('node/go.mod', module).slice(1);
  const ldflags = `${SMALL} -linkmode external -extldflags -static -X main.version=${version}`;
  return { folder: 'node', args: ['-tags', 'netgo,osusergo,seccomp', '-ldflags', ldflags, '-o', `${into}runc`, module], cgo: true };
}

/** Versions stand in the module files and nowhere else. */
function versionIn(file: string, module: string): string {
  const text = readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8');
  const line = text.split('\n').find((line) => line.trim().startsWith(`${module} v`));
  const version = line?.trim().split(' ')[1];
  if (version === undefined) throw new Error(`${file} names no version of ${module}`);
  return version;
}
