import { parseBoolean, settingOf } from '../../engines/command-line/index.ts';
import type { Started } from '../../engines/component-config/index.ts';
import { CONTROLLER_MANAGER, type ControllerUse, type Seen } from '../../engines/controller-use/index.ts';
import { controllerManager } from '../control-plane/manifests.ts';
import { documents } from '../examples.ts';
import { cis, type Hit, mitre, nsa } from '../rule.ts';
import { audited } from './use-examples.ts';
import { useRule } from './use-rule.ts';

const FLAG = '--use-service-account-credentials';
const SHARED = audited({ user: CONTROLLER_MANAGER, verb: 'create', resource: 'replicasets.apps' });
const OWN = audited({ user: 'system:serviceaccount:kube-system:deployment-controller', verb: 'create', resource: 'replicasets.apps' });
const LEADS = audited({ user: CONTROLLER_MANAGER, verb: 'update', resource: 'leases.coordination.k8s.io', namespace: 'kube-system' });
const LATER = audited({ user: CONTROLLER_MANAGER, verb: 'update', resource: 'deployments.apps', at: '09:30' });

export const rule = useRule({
  id: 'controllers-share-credentials',
  title: 'Controllers act with one credential',
  severity: 'medium',
  area: 'control-plane',
  component: 'kube-controller-manager',
  rationale:
    'What the audit log shows counts more than a flag: where controllers act as the controller manager, a fault in one has the rights of all, and nobody can tell which of them acted.',
  remedy:
    'Set --use-service-account-credentials=true on every controller manager and start them anew; where the flag is set already, look which manager leads and whether it was started since.',
  controls: [...cis('1.3.3'), ...nsa('control-plane-hardening', 'rbac'), ...mitre('T1078')],
  answersFor: ['cm-sa-credentials'],
  check({ controllers, started }) {
    const managers = started.filter(({ component }) => component === 'kube-controller-manager');
    if (controllers.own.length + controllers.shared.length === 0) return [UNSEEN];
    return isShared(controllers) ? [sharedHit(controllers, managers)] : ownHits(controllers, managers);
  },
  examples: () => ({
    good: [
      OWN,
      documents(OWN, LEADS, controllerManager(`${FLAG}=true`)),
      // No controller is seen, so the flag is all there is.
      documents(LEADS, controllerManager()),
      // Started anew in between.
      documents(
        SHARED,
        audited({ user: 'system:serviceaccount:kube-system:job-controller', verb: 'create', resource: 'pods', at: '10:00' }),
      ),
    ],
    bad: [
      { yaml: SHARED, path: CONTROLLER_MANAGER },
      { yaml: documents(SHARED, controllerManager(`${FLAG}=true`)), path: CONTROLLER_MANAGER },
      { yaml: documents(OWN, SHARED, LATER), path: CONTROLLER_MANAGER },
      { yaml: documents(OWN, controllerManager()), path: FLAG },
      { yaml: documents(OWN, controllerManager(`${FLAG}=false`)), path: 'spec.containers[0].command[1]' },
    ],
  }),
});

const UNSEEN: Hit = {
  message: 'the record shows no controller at work: the audit policy leaves out what it does, or its span is too short',
  path: '',
  value: undefined,
  status: 'not-applicable',
};

/** Unless all that was shared lies before the first account of a controller was seen: then the manager was started anew. */
function isShared({ own, shared }: ControllerUse): boolean {
  return shared.length > 0 && (own.length === 0 || lastOf(shared) >= firstOf(own));
}

function sharedHit({ own, shared }: ControllerUse, managers: readonly Started[]): Hit {
  const set = managers.filter((manager) => isOn(manager) === true);
  const some =
    own.length > 0 ? `, though ${own.length === 1 ? 'one has' : `${own.length} have`} also acted with accounts of their own` : '';
  const although = set.length > 0 ? `, although ${FLAG} is set${some === '' ? '' : ','}` : '';
  const [most = '', ...others] = shared.map(({ what }) => what);
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return {
    message: `controllers act as ${CONTROLLER_MANAGER} (${most}${more}; last ${timeOf(lastOf(shared))})${although}${some}`,
    key: 'shared',
    path: CONTROLLER_MANAGER,
    value: shared.slice(0, MOST_TOLD).map(told),
    also: set.flatMap(placeOfFlag),
  };
}

/** Each has its own today; a manager that is told otherwise takes that away when it comes to lead. */
function ownHits({ own }: ControllerUse, managers: readonly Started[]): Hit[] {
  const seen = { path: own[0]?.user ?? '', value: own.slice(0, MOST_TOLD).map(told) };
  const without = managers.filter((manager) => isOn(manager) === false);
  if (without.length === 0)
    return [
      { message: `${own.length} controllers act with accounts of their own`, ...seen, status: 'pass', also: managers.flatMap(placeOfFlag) },
    ];
  return without.map((manager) => {
    const [place] = placeOfFlag(manager);
    const on = manager.node === '' ? '' : ` on ${manager.node}`;
    const flag = place === undefined ? `without ${FLAG}` : `with ${String(place.value)}`;
    return {
      message: `controllers act with accounts of their own, and yet the controller manager${on} runs ${flag}: it was started since, or another one leads`,
      key: `flag ${manager.node}`,
      ...(place ?? { file: manager.node || 'the controller manager', path: FLAG, value: undefined }),
      also: [seen],
    };
  });
}

const MOST_TOLD = 5;

function told({ user, what, count, last }: Seen): string {
  return `${what ?? user} (${count}, last ${timeOf(last)})`;
}

/** Undefined where it may be set out of sight. */
function isOn({ line }: Started): boolean | undefined {
  const use = settingOf(line, FLAG);
  if (use === undefined) return line.hidden === undefined ? false : undefined;
  return use.opaque ? undefined : parseBoolean(use.value) === true;
}

function placeOfFlag(manager: Started): { file: string; path: string; value: unknown }[] {
  const setting = manager.flag(FLAG);
  return setting === undefined ? [] : [{ file: setting.source, path: setting.path, value: setting.shown }];
}

function firstOf(seen: readonly Seen[]): number {
  return Math.min(...seen.map(({ first }) => first));
}

function lastOf(seen: readonly Seen[]): number {
  return Math.max(...seen.map(({ last }) => last));
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}
