/** Which files of a node a question is about: those that its components name, else those at the known places. */
import { absolutePath } from '../../lib/absolute-path.ts';
import { isRecord } from '../../lib/record.ts';
import { parseConfigText } from '../../lib/multiplies.ts';
import { type FileFact, type Gap, NODE_PLACES, type NodePlace } from '../../snapshot/index.ts';
import { type ComponentName, settingOf } from '../command-line/index.ts';
import { dropInsOf } from './kubelet.ts';
import { isStaticPod, staticPodsOf } from './static-pods.ts';
import type { NodeView } from './node-view.ts';

export interface NodeFilesFound {
  readonly files: readonly FileFact[];
  /** Named by a component, and not seen: nothing can be said of them. */
  readonly unseen: readonly string[];
  /** What kept places from being looked at. */
  readonly gaps: readonly Gap[];
}

type Question = (view: NodeView) => NodeFilesFound;

export const NODE_FILES = {
  'apiserver-manifest': manifest('kube-apiserver', 'apiserver-manifest'),
  'controller-manager-manifest': manifest('kube-controller-manager', 'controller-manager-manifest'),
  'scheduler-manifest': manifest('kube-scheduler', 'scheduler-manifest'),
  'etcd-manifest': manifest('etcd', 'etcd-manifest'),
  'admin-kubeconfig': (view) => known(view, NODE_PLACES['admin-kubeconfig']),
  'scheduler-kubeconfig': kubeconfig('kube-scheduler', 'scheduler-kubeconfig'),
  'controller-manager-kubeconfig': kubeconfig('kube-controller-manager', 'controller-manager-kubeconfig'),
  'kubelet-kubeconfig': kubeconfig('kubelet', 'kubelet-kubeconfig'),
  'proxy-kubeconfig': proxyKubeconfig,
  'kubelet-unit': kubeletUnit,
  'kubelet-config': kubeletConfig,
  'kubelet-ca': kubeletCa,
  'etcd-data': etcdData,
  'cloud-config': (view) => known(view, NODE_PLACES['cloud-config']),
  'cni-files': (view) => below(view, [...NODE_PLACES['cni-config'], ...NODE_PLACES['cni-state']], ({ type }) => type === 'file'),
  pki: (view) => below(view, NODE_PLACES.pki, ({ type }) => type === 'file' || type === 'directory'),
  'pki-certificates': (view) => below(view, NODE_PLACES.pki, ({ type, path }) => type === 'file' && /\.(?:crt|cer)$/.test(path)),
  'pki-keys': keys,
  'runtime-sockets': (view) => known(view, NODE_PLACES['runtime-socket']),
} as const satisfies Record<string, Question>;

export type NodeFilesName = keyof typeof NODE_FILES;

function manifest(component: ComponentName, place: NodePlace): Question {
  return (view) => {
    const places: readonly string[] = NODE_PLACES[place];
    const kubelet = view.kubelet ?? view.flagsOnly;
    const own = staticPodsOf(view.facts, component, kubelet).map(({ file }) => file);
    const others = view.facts.files.filter((file) => places.includes(file.path) && isStaticPod(file, kubelet) && !own.includes(file));
    const files = [...own, ...others];
    return { files, unseen: [], gaps: [...gapsAt(view, [...places, ...NODE_PLACES.manifests]), ...gapsOfStaticPods(view, files)] };
  };
}

/** Of the folders that the kubelet is told of: the manifest may lie there, or be a file in them that was not kept. */
function gapsOfStaticPods(view: NodeView, found: readonly FileFact[]): Gap[] {
  const started = view.components.find(({ name }) => name === 'kubelet');
  const inFile = view.kubelet?.config.staticPodPath;
  const byFlag = started === undefined ? undefined : settingOf(started.line, '--pod-manifest-path')?.value;
  const folders = [inFile, byFlag].flatMap((path) => (typeof path === 'string' ? (absolutePath(path) ?? []) : []));
  if (found.length > 0 || folders.length === 0) return [];
  return view.facts.gaps.filter(({ scope }) => folders.some((folder) => scope === folder || scope.startsWith(`${folder}/`)));
}

const KUBECONFIGS = ['--kubeconfig', '--authentication-kubeconfig', '--authorization-kubeconfig'];

function kubeconfig(component: ComponentName, place: NodePlace): Question {
  return (view) => {
    const started = view.components.filter(({ name }) => name === component);
    const paths = started.flatMap(({ line }) => KUBECONFIGS.flatMap((flag) => settingOf(line, flag)?.value ?? []));
    return paths.length > 0 ? named(view, paths) : known(view, NODE_PLACES[place], 1);
  };
}

function proxyKubeconfig(view: NodeView): NodeFilesFound {
  const lines = view.components.filter(({ name }) => name === 'kube-proxy').map(({ line }) => line);
  const paths = lines.flatMap((line) => {
    const config = settingOf(line, '--config')?.value;
    if (config === undefined) return settingOf(line, '--kubeconfig')?.value ?? [];
    const text = view.facts.files.find(({ path }) => path === (absolutePath(config) ?? config))?.text;
    const parsed = text === undefined ? undefined : parseConfigText(text);
    const connection = parsed !== undefined && isRecord(parsed?.value) ? parsed.value.clientConnection : undefined;
    return isRecord(connection) && typeof connection.kubeconfig === 'string' && connection.kubeconfig !== '' ? connection.kubeconfig : [];
  });
  const found = paths.length > 0 ? named(view, paths) : known(view, NODE_PLACES['proxy-kubeconfig'], 1);
  // What only its pod sees lies in a volume and not on the node.
  return { ...found, files: found.files.filter(({ pid }) => pid === undefined), unseen: [] };
}

function kubeletUnit(view: NodeView): NodeFilesFound {
  const units = view.facts.units.filter(({ name }) => /kubelet|node\.service$/.test(name));
  const paths = units.flatMap(({ path, dropIns }) => [path, ...dropIns.map((each) => each.path)]);
  return paths.length > 0 ? named(view, paths) : known(view, NODE_PLACES['kubelet-unit'], 1);
}

function kubeletConfig(view: NodeView): NodeFilesFound {
  if (view.kubelet !== undefined) return { files: view.kubelet.files, unseen: [], gaps: [] };
  const started = view.components.find(({ name }) => name === 'kubelet');
  if (started === undefined) return known(view, NODE_PLACES['kubelet-config'], 1);
  const path = settingOf(started.line, '--config')?.value;
  // It may be started without a file.
  return named(view, [...(path === undefined ? [] : [path]), ...dropInsOf(view.facts, started.line).map((drop) => drop.path)]);
}

function kubeletCa(view: NodeView): NodeFilesFound {
  const started = view.components.find(({ name }) => name === 'kubelet');
  const { authentication } = view.kubelet?.config ?? {};
  const x509 = isRecord(authentication) ? authentication.x509 : undefined;
  const inFile = isRecord(x509) ? x509.clientCAFile : undefined;
  const path = typeof inFile === 'string' ? inFile : started === undefined ? undefined : settingOf(started.line, '--client-ca-file')?.value;
  if (path !== undefined && path !== '') return named(view, [path]);
  const isKnown = view.kubelet !== undefined || started !== undefined;
  return isKnown ? { files: [], unseen: [], gaps: [] } : known(view, NODE_PLACES['kubelet-ca'], 1);
}

function etcdData(view: NodeView): NodeFilesFound {
  const lines = view.components.filter(({ name }) => name === 'etcd').map(({ line }) => line);
  const paths = lines.flatMap((line) => settingOf(line, '--data-dir')?.value ?? []);
  return paths.length > 0 ? named(view, paths) : known(view, NODE_PLACES['etcd-data'], 1);
}

const KEY_FLAG = /^--[a-z-]*(?:private-key-file|keyfile|key-file|client-key|signing-key-file) of |^tlsPrivateKeyFile in |^client-key in /;
/** Tokens are checked with the public half, which is what the file should be; some name the key itself. */
const CHECKING_FLAG = /^--service-account-key-file of /;
const KEY_NAME = /(?:\.key|-key\.pem)$/;

/** Those in the folders of certificates, and those that components name wherever they lie. */
function keys(view: NodeView): NodeFilesFound {
  const found = below(view, NODE_PLACES.pki, (file) => file.type === 'file' && (file.holdsKey === true || KEY_NAME.test(file.path)));
  const isNamed = ({ namedBy, path }: FileFact): boolean =>
    CHECKING_FLAG.test(namedBy) ? KEY_NAME.test(path) : KEY_FLAG.test(namedBy) && !/\.(?:pub|crt)$/.test(path);
  const others = view.facts.files.filter(
    (file) => file.type === 'file' && file.pid === undefined && (file.holdsKey === true || isNamed(file)) && !found.files.includes(file),
  );
  return { ...found, files: [...found.files, ...others] };
}

function named(view: NodeView, paths: readonly string[]): NodeFilesFound {
  const all = new Set(paths.map((path) => absolutePath(path) ?? path));
  const files = view.facts.files.filter(({ path }) => all.has(path));
  const seen = new Set(files.map(({ path }) => path));
  return { files, unseen: [...all].filter((path) => !seen.has(path)), gaps: gapsAt(view, [...all]) };
}

/** At most `most` of the places, in their order. */
function known(view: NodeView, places: readonly string[], most = Infinity): NodeFilesFound {
  const files = places.flatMap((place) => view.facts.files.filter(({ path, pid }) => path === place && pid === undefined));
  return { files: files.slice(0, most), unseen: [], gaps: files.length > 0 ? [] : gapsAt(view, places) };
}

function below(view: NodeView, folders: readonly string[], wanted: (file: FileFact) => boolean): NodeFilesFound {
  const isIn = ({ path }: { path: string }): boolean => folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  return {
    files: view.facts.files.filter((file) => file.pid === undefined && isIn(file) && wanted(file)),
    unseen: [],
    gaps: view.facts.gaps.filter(({ scope, code }) => isIn({ path: scope }) && HIDES.has(code)),
  };
}

/** Those that keep modes and owners from being known; of what cannot be read they are known all the same. */
const HIDES: ReadonlySet<Gap['code']> = new Set(['forbidden', 'symlink-loop', 'unreadable', 'too-large']);

function gapsAt({ facts }: NodeView, paths: readonly string[]): Gap[] {
  return facts.gaps.filter(
    ({ scope, code }) =>
      HIDES.has(code) && paths.includes(scope) && !facts.files.some(({ path, type }) => path === scope && type !== 'directory'),
  );
}
