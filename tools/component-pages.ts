/** A page for each component of a node: what is checked of it, why, and what settles it. Made from the rules. */
import { BY_HAND, WANTED } from '../src/changes/nodes/index.ts';
import { RULES, type Rule, SEVERITIES } from '../src/rules/index.ts';

interface Page {
  readonly file: string;
  readonly title: string;
  readonly intro: string;
  /** As the headers of rules name what they are about. */
  readonly components: readonly string[];
  readonly rules?: readonly string[];
}

const PAGES: readonly Page[] = [
  {
    file: 'api-server',
    title: 'API server',
    intro:
      'Every request comes through it: who is asked for a credential, who may do what, what is written down, and what reaches etcd encrypted.',
    components: ['kube-apiserver', 'pki', 'kubeadm', 'control plane'],
  },
  {
    file: 'controller-manager',
    title: 'Controller manager',
    intro:
      'It signs tokens and certificates and acts with the rights of every controller. What knows a cloud runs apart from it, as the cloud controller manager, in whatever form the provider delivers that.',
    components: ['kube-controller-manager', 'cloud-controller-manager'],
  },
  { file: 'scheduler', title: 'Scheduler', intro: 'It says on which node a pod runs.', components: ['kube-scheduler'] },
  {
    file: 'etcd',
    title: 'etcd',
    intro: 'It holds everything: whoever reads it reads every Secret that is not encrypted, and whoever writes it needs no right.',
    components: ['etcd'],
    rules: ['etcd-backup'],
  },
  {
    file: 'kubelet',
    title: 'kubelet',
    intro: 'It runs pods as root on its node and answers at port 10250 for what happens in them.',
    components: ['kubelet', 'node'],
  },
  {
    file: 'kube-proxy',
    title: 'kube-proxy',
    intro: 'It writes the rules of each node that lead Services to pods.',
    components: ['kube-proxy'],
  },
  {
    file: 'runtime',
    title: 'Container runtime and network plug-in',
    intro: 'Whoever may talk to the runtime, or change what it and the network plug-in read, is root on the node.',
    components: ['container runtime', 'cni'],
  },
];

/** By path below docs/. `note` is what every generated page begins with. */
export function componentPages(note: string): Record<string, string> {
  return Object.fromEntries(PAGES.map((page) => [`components/${page.file}.md`, pageText(page, note)]));
}

/** `[API server](components/api-server.md), …` */
export function componentLinks(): string {
  return PAGES.map(({ file, title }) => `[${title}](components/${file}.md)`).join(', ');
}

function pageText({ title, intro, components, rules = [] }: Page, note: string): string {
  const own = RULES.filter(
    ({ id, component }) => rules.includes(id) || (component !== undefined && components.includes(component)),
  ).toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : 1));
  const contents = own.map(
    (rule) => `| [\`${rule.id}\`](#${rule.id}) | ${rule.severity} | ${cell(rule.title)} | ${cell(settingOf(rule))} |`,
  );
  return [
    note,
    `# ${title}`,
    '',
    `${intro} How it is seen and judged: [nodes](../nodes.md). \`castellan fixes --node-facts FILE…\` writes the exact change for a node in the place where its distribution keeps it.`,
    '',
    '| rule | severity | what it finds | what settles it |',
    '| --- | --- | --- | --- |',
    ...contents,
    '',
    ...own.flatMap(sectionOf),
  ].join('\n');
}

function sectionOf(rule: Rule): string[] {
  const controls = rule.controls.map(({ framework, id }) => `${framework} ${id}`).join(', ');
  return [
    `## ${rule.id}`,
    '',
    `${rule.title}. ${rule.rationale}`,
    '',
    `**To do.** ${rule.remedy}`,
    '',
    ...(controls === '' ? [] : [`Controls: ${controls}.`, '']),
  ];
}

/** The setting, where one settles it. */
function settingOf({ id, area, component }: Rule): string {
  const { flags = [], field, file } = (Object.hasOwn(WANTED, id) ? WANTED[id] : undefined) ?? {};
  const words = flags.map((wanted) => {
    if ('plugin' in wanted) return `admission plug-in ${wanted.plugin} ${wanted.on === false ? 'off' : 'on'}`;
    if ('gate' in wanted) return `gate ${wanted.gate} on`;
    if ('value' in wanted) return `\`${wanted.flag}=${wanted.value.length > 60 ? '…' : wanted.value}\``;
    if ('unset' in wanted) return `no \`${wanted.flag}\``;
    if ('files' in wanted) return `\`${wanted.flag}=${wanted.files[0] ?? ''}\``;
    if ('https' in wanted) return `no http in \`${wanted.flag}\``;
    return 'add' in wanted ? `${wanted.add} in \`${wanted.flag}\`` : `no ${wanted.drop} in \`${wanted.flag}\``;
  });
  if (field !== undefined) words.push(`\`${field.field}: ${Array.isArray(field.value) ? '…' : String(field.value)}\``);
  if (file !== undefined) words.push(`a file (${file.replace('-', ' ')})`);
  if (words.length > 0) return [...new Set(words)].join(', ');
  if (Object.hasOwn(BY_HAND, id)) return `a person: ${BY_HAND[id]}`;
  if (area === 'node' && id.endsWith('-perm')) return '`chmod`';
  return area === 'node' && component !== 'node' && id.endsWith('-owner') ? '`chown`' : 'see below';
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
