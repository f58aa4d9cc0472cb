/** What the admission of a real server says of a pod: which controls of the Pod Security Standards it fails. */
import type { ApiAnswer } from '../api.ts';

export type Level = 'baseline' | 'restricted';

export interface Policy {
  level: Level;
  /** `1.30` or `latest`. */
  version: string;
}

/** Ids of the controls that fail, none for a pod that is admitted; or why the standards were not asked. */
export type Verdict = { failing: string[] } | { refused: string };

/** By the server's words the id of a control, at either level. */
const CONTROLS: Readonly<Record<string, string>> = {
  'allowPrivilegeEscalation != false': 'allowPrivilegeEscalation',
  'forbidden AppArmor profile': 'appArmorProfile',
  'forbidden AppArmor profiles': 'appArmorProfile',
  'non-default capabilities': 'capabilities_baseline',
  'unrestricted capabilities': 'capabilities_restricted',
  'host namespaces': 'hostNamespaces',
  'hostPath volumes': 'hostPathVolumes',
  hostPort: 'hostPorts',
  'probe or lifecycle host': 'hostProbesAndHostLifecycle',
  privileged: 'privileged',
  'restricted volume types': 'restrictedVolumes',
  'runAsNonRoot != true': 'runAsNonRoot',
  'runAsUser=0': 'runAsUser',
  seLinuxOptions: 'seLinuxOptions',
  'forbidden sysctls': 'sysctls',
  hostProcess: 'windowsHostProcess',
};

/** Words that two controls share: the restricted one stands in for the other from a release on. */
const SHARED: Readonly<Record<string, { baseline: string; restricted: string; since: number }>> = {
  seccompProfile: { baseline: 'seccompProfile_baseline', restricted: 'seccompProfile_restricted', since: 19 },
  procMount: { baseline: 'procMount', restricted: 'procMount_restricted', since: 35 },
};

export function verdictOf(answer: ApiAnswer, policy: Policy, release: number): Verdict {
  const isTaken = answer.status === 201 || answer.status === 200;
  const message = isTaken ? warningOf(answer) : (answer.json() as { message: string }).message;
  const [, named, reasons] = /(?:violates|would violate) PodSecurity "([^"]+)": (.*)$/s.exec(message) ?? [];
  if (named === undefined || reasons === undefined) return isTaken ? { failing: [] } : { refused: `${answer.status} ${message}` };
  const asked = `${policy.level}:${policy.version === 'latest' ? 'latest' : `v${policy.version}`}`;
  if (named !== asked) throw new Error(`asked for ${asked}, judged by ${named}`);
  const minor = minorOf(policy.version, release);
  return { failing: reasonsIn(reasons).map((reason) => controlOf(reason, { level: policy.level, minor })) };
}

/** `299 - "text"`, with quotes and backslashes escaped; there may be others about fields that are out of use. */
function warningOf({ headers }: ApiAnswer): string {
  const texts = [...(headers.warning ?? '').matchAll(/299 - "((?:[^"\\]|\\.)*)"/gs)].map(([, text = '']) => text);
  return (texts.find((text) => text.startsWith('would violate PodSecurity')) ?? '').replaceAll(/\\(.)/gs, '$1');
}

/** A server takes a version that it does not know yet for its own. */
export function minorOf(version: string, release: number): number {
  return version === 'latest' ? release : Math.min(Number(version.split('.')[1]), release);
}

function controlOf(reason: string, { level, minor }: { level: Level; minor: number }): string {
  const shared = SHARED[reason];
  if (shared !== undefined) return level === 'restricted' && minor >= shared.since ? shared.restricted : shared.baseline;
  const control = CONTROLS[reason];
  if (control === undefined) throw new Error(`the server names a control that is not known here: ${reason}`);
  return control;
}

/** `a (details), b` → a, b. Details hold commas, quoted texts and parentheses. */
function reasonsIn(text: string): string[] {
  const outside: string[] = [];
  let depth = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[()]|[^()"]+/gs)) {
    if (part === '(') depth += 1;
    else if (part === ')') depth -= 1;
    else if (depth === 0) outside.push(part);
  }
  return outside
    .join('')
    .split(',')
    .map((reason) => reason.trim());
}
