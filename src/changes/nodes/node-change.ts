/**
 * The change of a node that settles a finding: small operations, and from what the node's facts would be after them the
 * edits of files, the commands, what has to be started anew and how it is all taken back. Nothing here does any of it.
 */
import { isDeepStrictEqual } from 'node:util';
import { type CommandLine, type ComponentName, COMPONENTS, listOf, parseList, settingOf } from '../../engines/command-line/index.ts';
import type { NodeView } from '../../engines/component-config/index.ts';
import { yamlOf } from '../edits/yaml-of.ts';
import { policyYaml } from '../audit-setup/setup-text.ts';
import { minorOf } from '../../model/index.ts';
import { segmentsOf, valueAt } from '../../lib/field-path.ts';
import { isRedacted } from '../../lib/redaction.ts';
import { unifiedDiff } from '../../lib/unified-diff.ts';
import type { NodeFacts } from '../../snapshot/index.ts';
import type { Change, NodeChange, NodeOperation, Rule } from '../../rules/index.ts';
import { factsAfter, fileOfField } from './carry-out.ts';
import { type Home, fileAt, homeOf, keptBy, restartOf } from './homes.ts';
import { WANTED, type Wanted, type WantedFlag } from './wanted.ts';

const FILES = {
  'audit-policy': { path: '/etc/kubernetes/audit/policy.yaml', flag: '--audit-policy-file' },
  encryption: { path: '/etc/kubernetes/encryption/config.yaml', flag: '--encryption-provider-config' },
  authentication: { path: '/etc/kubernetes/authentication/config.yaml', flag: '--authentication-config' },
} as const;

/** Anonymous requests to health paths alone can be told from others since this minor release. */
const ANONYMOUS_BY_PATH = 32;
export const HEALTH = ['/livez', '/readyz', '/healthz'];

/** Undefined where nothing that was seen says what to write. `operations` are those of the finding, where it brings them. */
export function changeOnNode(
  rule: Pick<Rule, 'id' | 'effort'>,
  operations: readonly NodeOperation[] | undefined,
  { view, component }: { view: NodeView; component: string | undefined },
): Change | undefined {
  const name = COMPONENTS.find((one) => one === component);
  const wanted = Object.hasOwn(WANTED, rule.id) ? WANTED[rule.id] : undefined;
  const all = operations ?? (wanted === undefined || name === undefined ? [] : operationsFor(wanted, view, name));
  if (all.length === 0) return undefined;
  const node = nodeChange(all, { view, component: operations === undefined ? name : undefined, rule: rule.id });
  if (node === undefined) return undefined;
  return {
    patches: [
      { target: `Node/${node.node}`, operation: 'patch', patch: [], ...(node.files[0] !== undefined && { file: node.files[0] }), node },
    ],
    effort: rule.effort ?? 'low',
  };
}

function operationsFor(wanted: Wanted, view: NodeView, component: ComponentName): NodeOperation[] {
  const line = view.components.find(({ name }) => name === component)?.line;
  if (line === undefined && wanted.field === undefined) return [];
  const operations: NodeOperation[] = [];
  if (wanted.folder !== undefined) operations.push({ operation: 'mount', component, path: wanted.folder, type: 'DirectoryOrCreate' });
  if (wanted.file !== undefined) {
    const made = withFile(wanted.file, view, line);
    if (made !== undefined) return made;
    if (wanted.flags === undefined) return [];
  }
  const flags = (wanted.flags ?? []).map((flag) => (line === undefined ? undefined : flagOperation(flag, view, line)));
  // Half a pair of files is no change.
  if (flags.includes(undefined)) return [];
  operations.push(...flags.flatMap((flag) => flag ?? []));
  if (wanted.field !== undefined) operations.push(...fieldOperations(wanted.field, view, line));
  return merged(operations);
}

/** Several edits of one list flag are one. */
function merged(operations: readonly NodeOperation[]): NodeOperation[] {
  const flags = new Map<string, NodeOperation>();
  for (const operation of operations) flags.set(operation.operation === 'flag' ? operation.flag : JSON.stringify(operation), operation);
  return [...flags.values()];
}

/** Undefined where the file that it would name is not on the node; none where it is as it should be. */
function flagOperation(wanted: WantedFlag, view: NodeView, line: CommandLine): NodeOperation[] | undefined {
  if ('plugin' in wanted) return pluginOperations(wanted, line, releaseOf(view, line));
  if ('gate' in wanted) return gateOperations(wanted, line, releaseOf(view, line));
  const { flag } = wanted;
  if ('value' in wanted) return [setting(line, flag, wanted.value)];
  if ('unset' in wanted) return [setting(line, flag, undefined)];
  if ('https' in wanted) {
    const urls = line.component === 'etcd' ? (settingOf(line, flag)?.value ?? defaultOf(flag)) : itemsOf(line, flag).join(',');
    if (!/\bhttp:/i.test(urls)) return [];
    const https = urls.replaceAll(/\bhttp:/gi, 'https:');
    // Told where to listen, etcd does not start until it is told what to tell others.
    const isTold = flag !== '--listen-client-urls' || settingOf(line, '--advertise-client-urls') !== undefined;
    return [setting(line, flag, https), ...(isTold ? [] : [setting(line, '--advertise-client-urls', https)])];
  }
  if ('files' in wanted) {
    const named = settingOf(line, flag)?.value;
    if (named !== undefined && named !== '') return [];
    const path = wanted.files.find((place) => fileAt(view, place) !== undefined);
    return path === undefined ? undefined : [setting(line, flag, path)];
  }
  return [setting(line, flag, modesWith(itemsOf(line, flag), wanted).join(','))];
}

/** Where etcd listens for clients when nobody says so. */
function defaultOf(flag: string): string {
  return flag === '--listen-client-urls' ? 'http://localhost:2379' : '';
}

function setting({ component }: CommandLine, flag: string, value: string | undefined): NodeOperation {
  return { operation: 'flag', component, flag, ...(value !== undefined && { value }) };
}

function itemsOf(line: CommandLine, flag: string): readonly string[] {
  return listOf(line, flag)?.items ?? parseList(settingOf(line, flag)?.value ?? '');
}

/** What always allows would go on deciding before anything that is put behind it. */
function modesWith(modes: readonly string[], wanted: { add: string; first?: true } | { drop: string }): string[] {
  const others = modes.filter((mode) => mode !== 'AlwaysAllow');
  if ('drop' in wanted) return ['Node', 'RBAC', ...others.filter((mode) => mode !== 'Node' && mode !== 'RBAC')];
  const kept = others.filter((mode) => mode !== wanted.add);
  return wanted.first === true ? [wanted.add, ...kept] : [...kept, wanted.add];
}

/** The minor release of a component: of its image, else what the node shows. */
function releaseOf({ facts: { versions } }: NodeView, line: CommandLine): number {
  return line.release ?? minorOf(versions[line.component] ?? versions['kube-apiserver']) ?? Infinity;
}

/** `--admission-control`, where it is used, is the list of all that are on; before 1.10 there was no other. */
function pluginOperations(
  { plugin, on }: { plugin: string; on: boolean | 'by default' },
  line: CommandLine,
  release: number,
): NodeOperation[] {
  const isOld = line.uses.has('--admission-control') || release < 10;
  const enabled = isOld ? '--admission-control' : '--enable-admission-plugins';
  const without = (flag: string): NodeOperation[] => {
    const items = itemsOf(line, flag);
    const kept = items.filter((item) => item !== plugin);
    return kept.length === items.length ? [] : [setting(line, flag, kept.length === 0 ? undefined : kept.join(','))];
  };
  if (on === false) return [...without('--admission-control'), ...without('--enable-admission-plugins')];
  const isMissing = !itemsOf(line, enabled).includes(plugin) && (on === true || isOld);
  const added = isMissing ? [setting(line, enabled, [...itemsOf(line, enabled), plugin].join(','))] : [];
  return [...added, ...without('--disable-admission-plugins')];
}

function gateOperations({ gate, since }: { gate: string; since: number }, line: CommandLine, release: number): NodeOperation[] {
  const flag = '--feature-gates';
  const gates = itemsOf(line, flag);
  const kept = gates.filter((item) => item.split('=', 1)[0]?.trim() !== gate);
  // What is beta follows AllBeta, unless it is named.
  const isOff = release < since || kept.some((item) => /^\s*AllBeta=(?:false|0|f)$/i.test(item));
  const named = isOff ? [...kept, `${gate}=true`] : kept;
  return named.join() === gates.join() ? [] : [setting(line, flag, named.length === 0 ? undefined : named.join(','))];
}

/** In the file where there is one, and no flag over it; else as a flag. */
function fieldOperations(
  { field, value, flag }: NonNullable<Wanted['field']>,
  view: NodeView,
  line: CommandLine | undefined,
): NodeOperation[] {
  const component: ComponentName = 'kubelet';
  const isFlag = flag !== undefined && line?.uses.has(flag) === true;
  const home = homeOf(view, component);
  const isByFlags = home.kind === 'rancher' || home.kind === 'lines' || view.kubelet === undefined || view.kubelet.files.length === 0;
  const path = field === 'authentication.x509.clientCAFile' ? caOf(view) : value;
  if (path === undefined) return [];
  if (isByFlags) {
    if (flag === undefined) return [];
    return [{ operation: 'flag', component, flag, value: Array.isArray(path) ? path.join(',') : `${path as string | number | boolean}` }];
  }
  return [...(isFlag ? [{ operation: 'flag', component, flag } as const] : []), { operation: 'field', path: field, value: path }];
}

function caOf(view: NodeView): string | undefined {
  return ['/etc/kubernetes/pki/ca.crt', '/var/lib/kubelet/pki/ca.crt', '/etc/kubernetes/certs/ca.crt'].find(
    (path) => fileAt(view, path) !== undefined,
  );
}

/** A file that the API server needs first. Only of a manifest is it known that the pod may be made to see it. */
function withFile(what: keyof typeof FILES, view: NodeView, line: CommandLine | undefined): NodeOperation[] | undefined {
  const component: ComponentName = 'kube-apiserver';
  if (line === undefined) return undefined;
  if (what === 'authentication' && !canLimitAnonymous(view, line)) return undefined;
  const { path, flag } = FILES[what];
  const text = what === 'encryption' ? ENCRYPTION : what === 'audit-policy' ? policyYaml() : yamlOf(ONLY_HEALTH);
  const operations: NodeOperation[] = [
    { operation: 'file', path, text, mode: '600' },
    { operation: 'mount', component, path: path.slice(0, path.lastIndexOf('/')), type: 'DirectoryOrCreate' },
    { operation: 'flag', component, flag, value: path },
  ];
  if (what === 'authentication') operations.push({ operation: 'flag', component, flag: '--anonymous-auth' });
  return operations;
}

/** Probes of the manifest and balancers ask health paths without a credential: those go on being answered. */
function canLimitAnonymous({ facts }: NodeView, line: CommandLine): boolean {
  const minor = Number(/^1\.(\d+)/.exec(facts.versions['kube-apiserver'] ?? '')?.[1] ?? 0);
  const isFree = ![...line.uses.keys()].some((flag) => flag.startsWith('--oidc-') || flag === '--authentication-config');
  return minor >= ANONYMOUS_BY_PATH && isFree;
}

const ONLY_HEALTH = {
  apiVersion: 'apiserver.config.k8s.io/v1beta1',
  kind: 'AuthenticationConfiguration',
  anonymous: { enabled: true, conditions: HEALTH.map((path) => ({ path })) },
};

/** The key is made on the node, so that nobody else has ever seen it. */
const KEY = 'KEY-MADE-ON-THE-NODE';
const ENCRYPTION = yamlOf({
  apiVersion: 'apiserver.config.k8s.io/v1',
  kind: 'EncryptionConfiguration',
  resources: [{ resources: ['secrets'], providers: [{ secretbox: { keys: [{ name: 'key1', secret: KEY }] } }, { identity: {} }] }],
});

interface Meant {
  readonly view: NodeView;
  readonly component: ComponentName | undefined;
  readonly rule: string;
}

function nodeChange(operations: readonly NodeOperation[], { view, component, rule }: Meant): NodeChange | undefined {
  const before = view.facts;
  const after = factsAfter(before, operations);
  const home = component === undefined ? undefined : homeOf(view, component);
  const edits = textEdits(before, after);
  // A file that is new is written by a command before the patch, as what is patched may need it at once.
  const shown = edits.filter(({ diff, isNew }) => !isNew && !isRedacted(diff));
  const lines = commandsOf(operations, { view, after, home, edits });
  const files = [...edits.map(({ path }) => path), ...operations.flatMap((one) => ('mode' in one || 'owner' in one ? one.path : []))];
  if (shown.length === 0 && lines.run.length === 0 && lines.words.length === 0) return undefined;
  return {
    node: before.node,
    ...(component !== undefined && { component }),
    rules: [rule],
    files: [...new Set(files)],
    operations,
    diff: shown.map(({ diff }) => diff).join(''),
    run: lines.run,
    words: lines.words,
    back: lines.back,
    restart: component === undefined || home === undefined ? '' : restartWords(home, component, { view, operations }),
    keep: component === undefined || home === undefined ? [] : keptBy(home, component, view),
  };
}

function restartWords(
  home: Home,
  component: ComponentName,
  { view, operations }: { view: NodeView; operations: readonly NodeOperation[] },
): string {
  const isField = operations.every(({ operation }) => operation === 'field');
  const unit = view.facts.units.find(({ name }) => /^(?:snap\.)?kubelet/.test(name))?.name ?? 'kubelet.service';
  if (component === 'kubelet' && isField && home.kind !== 'rancher')
    return `systemctl restart ${unit}: pods go on running; the node is not heard of for some seconds`;
  return restartOf(home, component);
}

function textEdits(before: NodeFacts, after: NodeFacts): { path: string; diff: string; isNew: boolean }[] {
  const known = new Map(before.files.map((file) => [`${file.pid ?? ''} ${file.path}`, file]));
  return after.files.flatMap((file) => {
    const was = known.get(`${file.pid ?? ''} ${file.path}`);
    if (file.text === undefined || file.text === was?.text) return [];
    const diff = unifiedDiff({ path: file.path.replace(/^\/+/, ''), before: was?.text, after: file.text });
    return [{ path: file.path, diff, isNew: was === undefined }];
  });
}

interface Edited {
  readonly view: NodeView;
  readonly after: NodeFacts;
  readonly home: Home | undefined;
  readonly edits: readonly { path: string; diff: string; isNew: boolean }[];
}

/** What the difference of files does not say: folders, modes, owners, the key; and in words what no file showed. */
function commandsOf(
  operations: readonly NodeOperation[],
  { view, after, home, edits }: Edited,
): { run: string[]; back: string[]; words: string[] } {
  const run: string[] = [];
  const back: string[] = [];
  const words: string[] = [];
  for (const { path, diff, isNew } of edits) {
    if (isRedacted(diff)) words.push(`edit ${path} by hand: what stands beside it is a credential, which is not shown here`);
    if (!isNew) continue;
    const text = after.files.find((file) => file.path === path)?.text ?? '';
    run.push(`mkdir -p ${quoted(path.slice(0, path.lastIndexOf('/')))}`);
    run.push(`(umask 077; cat > ${quoted(path)} <<'END-OF-FILE'\n${text}END-OF-FILE\n)`);
    back.push(`rm ${quoted(path)}`);
  }
  const isInText = edits.some(({ diff }) => !isRedacted(diff));
  for (const operation of operations) {
    switch (operation.operation) {
      case 'file':
        if (operation.text.includes(KEY)) run.push(`sed -i "s|${KEY}|$(head -c 32 /dev/urandom | base64)|" ${operation.path}`);
        break;
      case 'mode': {
        const was = view.facts.files.find(({ path }) => path === operation.path)?.mode;
        run.push(`chmod ${operation.mode} ${quoted(operation.path)}`);
        if (was !== undefined) back.push(`chmod ${was} ${quoted(operation.path)}`);
        break;
      }
      case 'owner': {
        const was = view.facts.files.find(({ path }) => path === operation.path);
        const chown = operation.all === true ? 'chown -R' : 'chown';
        const line = `${chown} ${operation.owner} ${quoted(operation.path)}`;
        // A command that names nobody fails; making an account is more than a change of files.
        if (isAccount(operation.owner, view.facts)) run.push(line);
        else words.push(...accountWords(operation.owner, line, view));
        if (was !== undefined) back.push(`${chown} ${was.uid}:${was.gid} ${quoted(operation.path)}`);
        break;
      }
      case 'flag': {
        if (isInText && !isBySide(home, edits)) break;
        const what = operation.value === undefined ? `take ${operation.flag} away` : `set ${operation.flag}=${operation.value}`;
        words.push(`${what} ${home === undefined ? '' : placeWords(home)}`.trimEnd());
        break;
      }
      case 'field':
        if (saysSo(view, operation))
          words.push(
            `start the kubelet anew: its files say ${operation.path} ${JSON.stringify(operation.value)}, and it runs with something else`,
          );
        else if (fileOfField(view, operation.path) === undefined || !isInText)
          words.push(`set ${operation.path} to ${JSON.stringify(operation.value)} ${home === undefined ? '' : placeWords(home)}`.trimEnd());
        break;
      case 'mount':
        break;
    }
  }
  return { run, back, words };
}

/** Whether anything on the node shows that there are such a user and group; root is always there. */
function isAccount(owner: string, { files }: NodeFacts): boolean {
  const [user, group] = owner.split(':');
  const isThere = (name: string | undefined, key: 'owner' | 'group'): boolean =>
    name === 'root' || files.some((file) => file[key] === name);
  return isThere(user, 'owner') && isThere(group, 'group');
}

function accountWords(owner: string, line: string, view: NodeView): string[] {
  const [user = '', group = ''] = owner.split(':');
  const home = homeOf(view, 'etcd');
  const how =
    home.kind === 'manifest'
      ? `in ${home.pod.file.path}: securityContext of the pod, runAsUser and runAsGroup with its numbers`
      : home.kind === 'unit'
        ? `in ${home.unit.path}: User and Group`
        : 'where its pod or unit is written';
  return [
    `no file here shows the user ${user}: where getent passwd ${user} names none, groupadd --system ${group} and useradd --system --gid ${group} --shell /usr/sbin/nologin ${user} make it`,
    `let etcd run as it, ${how}; the keys that it reads have to be its own too, else it does not start`,
    `while etcd does not run: ${line}`,
  ];
}

/** Of a kubelet that told what it runs with: the file was changed and not read. */
function saysSo({ kubelet }: NodeView, { path, value }: Extract<NodeOperation, { operation: 'field' }>): boolean {
  return isDeepStrictEqual(valueAt(kubelet?.config, segmentsOf(path)), value);
}

/** The texts that are edited are not the one that starts it: its arguments stand in a script. */
function isBySide(home: Home | undefined, edits: Edited['edits']): boolean {
  return home?.kind === 'manifest' && edits.every(({ path }) => path !== home.pod.file.path);
}

function placeWords(home: Home): string {
  switch (home.kind) {
    case 'manifest':
      return `in the script that ${home.pod.file.path} starts it with`;
    case 'rancher':
      return `in ${home.key} of ${home.path}`;
    case 'k0s':
      return `in ${home.at.join('.')} of ${home.path}`;
    case 'lines':
      return `in ${home.path}, one flag a line`;
    case 'unit':
      return `in ${home.unit.path}`;
    default:
      return home.where;
  }
}

function quoted(path: string): string {
  return /^[\w./:@%+=-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** What a node is after the node changes of a change. */
export function nodesAfter(nodes: readonly NodeFacts[], changes: readonly Change[]): readonly NodeFacts[] {
  const made = changes.flatMap(({ patches }) => patches.flatMap(({ node }) => node ?? []));
  if (made.length === 0) return nodes;
  return nodes.map((facts) =>
    made.filter(({ node }) => node === facts.node).reduce((so, { operations }) => factsAfter(so, operations), facts),
  );
}
