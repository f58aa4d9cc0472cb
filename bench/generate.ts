/**
 * Writes N varied workloads: Deployments mostly, some StatefulSets, DaemonSets and CronJobs, with about half of
 * their security settings set well. A workload depends on its number alone, so every run writes the same bytes
 * and a small set is the beginning of a larger one. No two are equal.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';

export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };
export type Fields = Record<string, Json>;

const APPS = ['shop', 'cart', 'ledger', 'mailer', 'search', 'reports', 'gateway', 'sessions', 'images', 'audit', 'pricing'] as const;
const TEAMS = 89;

/** The text of the workload with this number. */
export function workload(index: number): string {
  return dump(workloadObject(index), { noRefs: true, lineWidth: -1 });
}

/** One multi-document text. */
export function workloads(count: number): string {
  return Array.from({ length: count }, (_, index) => workload(index)).join('---\n');
}

/** One file a workload. */
export function writeWorkloads(count: number, folder: string): void {
  for (let index = 0; index < count; index += 1) {
    writeFileSync(join(folder, `${String(index).padStart(6, '0')}.yaml`), workload(index));
  }
}

/** The pod of the workload with this number. */
export function podOfWorkload(index: number): Fields {
  return podSpec(index, new Dice(index));
}

function workloadObject(index: number): Fields {
  const dice = new Dice(index);
  const app = APPS[index % APPS.length] ?? 'shop';
  const name = `${app}-${index}`;
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': app };
  const metadata: Fields = { name, namespace: `team-${index % TEAMS}`, labels };
  const kind = dice.weighted({ Deployment: 78, StatefulSet: 9, DaemonSet: 7, CronJob: 6 });
  const template = { metadata: { labels }, spec: podSpec(index, dice) };
  if (kind === 'CronJob') {
    const pod = { ...template, spec: { ...template.spec, restartPolicy: 'OnFailure' } };
    const spec = { schedule: `${index % 60} ${index % 24} * * *`, jobTemplate: { spec: { template: pod } } };
    return { apiVersion: 'batch/v1', kind, metadata, spec };
  }
  const spec: Fields = { selector: { matchLabels: { 'app.kubernetes.io/name': name } }, template };
  if (kind !== 'DaemonSet') spec.replicas = 1 + (index % 3);
  if (kind === 'StatefulSet') spec.serviceName = name;
  return { apiVersion: 'apps/v1', kind, metadata, spec };
}

function podSpec(index: number, dice: Dice): Fields {
  const spec: Fields = {};
  if (dice.chance(0.08)) spec.hostNetwork = true;
  if (dice.chance(0.04)) spec.hostPID = true;
  if (dice.chance(0.5)) spec.automountServiceAccountToken = dice.chance(0.2);
  if (dice.chance(0.5)) spec.serviceAccountName = `account-${index}`;
  if (dice.chance(0.5)) spec.securityContext = podSecurity(dice);
  const mounts: Fields[] = [{ name: 'work', mountPath: '/var/lib/work' }];
  const volumes: Fields[] = [{ name: 'work', emptyDir: {} }];
  if (dice.chance(0.1)) {
    mounts.push({ name: 'node', mountPath: '/node', readOnly: dice.chance(0.5) });
    volumes.push({ name: 'node', hostPath: { path: dice.pick(['/', '/var/run/docker.sock', '/var/log', '/opt/data']) } });
  }
  if (dice.chance(0.3)) volumes.push({ name: 'settings', configMap: { name: `settings-${index}` } });
  if (dice.chance(0.15)) spec.initContainers = [container(index, 'prepare', { dice, mounts })];
  const names = dice.chance(0.3) ? ['main', 'proxy'] : ['main'];
  spec.containers = names.map((name) => container(index, name, { dice, mounts }));
  spec.volumes = volumes;
  return spec;
}

function podSecurity(dice: Dice): Fields {
  const context: Fields = { runAsNonRoot: dice.chance(0.8) };
  if (dice.chance(0.5)) context.seccompProfile = { type: dice.pick(['RuntimeDefault', 'RuntimeDefault', 'Unconfined']) };
  if (dice.chance(0.4)) context.fsGroup = 2000;
  return context;
}

function container(index: number, name: string, { dice, mounts }: { dice: Dice; mounts: readonly Fields[] }): Fields {
  const made: Fields = { name, image: image(index, name, dice) };
  if (dice.chance(0.5)) made.imagePullPolicy = dice.pick(['Always', 'IfNotPresent']);
  made.env = [{ name: dice.pick(['LOG_LEVEL', 'DB_PASSWORD', 'API_TOKEN', 'REGION', 'WORKERS']), value: `value-${index}` }];
  if (dice.chance(0.7)) made.resources = resources(index, dice);
  if (name !== 'prepare') {
    made.ports = [{ containerPort: 7000 + (index % 2000), name: 'http' }];
    if (dice.chance(0.5)) made.livenessProbe = { httpGet: { path: '/alive', port: 'http' } };
    if (dice.chance(0.5)) made.readinessProbe = { httpGet: { path: '/ready', port: 'http' } };
  }
  if (dice.chance(0.7)) made.securityContext = containerSecurity(dice);
  made.volumeMounts = mounts;
  return made;
}

function image(index: number, name: string, dice: Dice): string {
  const digest = Array.from({ length: 8 }, () => dice.word().toString(16).padStart(8, '0')).join('');
  const version = dice.pick(['', ':latest', `:1.${index % 40}.0`, `:3.${index % 7}`, `@sha256:${digest}`]);
  return `registry.example.com/${APPS[index % APPS.length]}/${name}${version}`;
}

function resources(index: number, dice: Dice): Fields {
  const requests = { cpu: `${20 + (index % 300)}m`, memory: `${32 + (index % 400)}Mi` };
  if (dice.chance(0.3)) return { requests };
  return { requests, limits: { cpu: `${400 + (index % 600)}m`, memory: `${512 + (index % 900)}Mi` } };
}

function containerSecurity(dice: Dice): Fields {
  const context: Fields = { allowPrivilegeEscalation: dice.chance(0.3) };
  if (dice.chance(0.08)) {
    context.privileged = true;
    context.allowPrivilegeEscalation = true;
  }
  if (dice.chance(0.5)) context.readOnlyRootFilesystem = dice.chance(0.9);
  if (dice.chance(0.5)) context.runAsUser = dice.pick([0, 1000, 10001, 65532]);
  if (dice.chance(0.5)) {
    const capabilities: Fields = { drop: [dice.pick(['ALL', 'ALL', 'NET_RAW'])] };
    if (dice.chance(0.2)) capabilities.add = [dice.pick(['NET_BIND_SERVICE', 'NET_ADMIN', 'SYS_ADMIN', 'CHOWN'])];
    context.capabilities = capabilities;
  }
  return context;
}

/** Random numbers that are the same on every machine (mulberry32). */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1);
  }

  word(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  chance(probability: number): boolean {
    return this.word() / 2 ** 32 < probability;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.word() % choices.length] ?? choices[0];
  }

  weighted<T extends string>(weights: Record<T, number>): T {
    const names = Object.keys(weights) as T[];
    const total = names.reduce((sum, name) => sum + weights[name], 0);
    let left = (this.word() / 2 ** 32) * total;
    const found = names.find((name) => (left -= weights[name]) < 0);
    return found ?? (names[0] as T);
  }
}
