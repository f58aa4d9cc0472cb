import { describe, expect, it } from 'vitest';
import { Ledger } from '../../record/index.ts';
import { CONTROLLER_MANAGER, type ControllerUse, controllerUseIn } from './controller-use.ts';

interface Line {
  user: string;
  bound?: 'pod' | 'nothing';
  /** `VERB RESOURCE[/SUBRESOURCE][.GROUP] NAMESPACE[/NAME]`, `VERB /path` */
  did: string;
  through?: 'request' | 'impersonation' | 'review';
  time?: number;
}

function used(...lines: readonly Line[]): ControllerUse {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit').id;
  for (const { user, bound, did, through = 'request', time = 1000 } of lines) {
    const [verb = '', what = '', place = ''] = did.split(' ');
    const isPath = what.startsWith('/');
    const [resource = '', ...group] = isPath ? [''] : what.split('.');
    const [plain = '', subresource = ''] = resource.split('/');
    const [namespace = '', name = ''] = place.split('/');
    const asked = { verb, apiGroup: group.join('.'), resource: plain, subresource, namespace, name, path: isPath ? what : '', through };
    const actor = ledger.actor({ name: user, groups: [], ...(bound !== undefined && { bound }) });
    ledger.request(actor, asked, { stream, time, outcome: 'allowed' });
  }
  return controllerUseIn(ledger.record());
}

function account(name: string): string {
  return `system:serviceaccount:kube-system:${name}`;
}

function manager(did: string): Line {
  return { user: CONTROLLER_MANAGER, did };
}

describe('what the controller manager does itself', () => {
  it.each([
    'create serviceaccounts kube-system',
    'create serviceaccounts/token kube-system/job-controller',
    'update serviceaccounts shop/web',
    'create secrets shop',
    'delete secrets shop/web-token-x7k2p',
    'update leases.coordination.k8s.io kube-system/kube-controller-manager',
    'create events kube-system',
    'patch events.events.k8s.io kube-system/x',
    'update endpoints kube-system/kube-controller-manager',
    'create configmaps kube-system',
    'create subjectaccessreviews.authorization.k8s.io',
    'create tokenreviews.authentication.k8s.io',
    'list pods',
    'watch deployments.apps',
    'get /apis',
  ])('%s', (did) => {
    expect(used(manager(did))).toEqual({ own: [], shared: [] });
  });
});

describe('what only controllers do', () => {
  it.each([
    ['create replicasets.apps shop', 'create replicasets.apps'],
    ['update deployments/status.apps shop/web', 'update deployments/status.apps'],
    ['create configmaps shop', 'create configmaps'],
    ['update configmaps kube-system/other', 'update configmaps'],
    ['create serviceaccounts shop', 'create serviceaccounts'],
    ['delete pods shop/web-1', 'delete pods'],
    ['patch clusterroles.rbac.authorization.k8s.io /view', 'patch clusterroles.rbac.authorization.k8s.io'],
  ])('%s', (did, what) => {
    expect(used(manager(did))).toMatchObject({ own: [], shared: [{ user: CONTROLLER_MANAGER, what, count: 1 }] });
  });

  it('is no evidence from another user of that name', () => {
    expect(used({ user: 'kube-controller-manager', did: 'create pods shop' })).toEqual({ own: [], shared: [] });
  });

  it('comes with how often, and from when to when', () => {
    const { shared } = used(
      { ...manager('create pods shop'), time: 500 },
      { ...manager('create pods ops'), time: 100 },
      { ...manager('patch nodes /node1'), time: 900 },
    );
    expect(shared.map(({ what, count, first, last }) => [what, count, first, last])).toEqual([
      ['create pods', 2, 100, 500],
      ['patch nodes', 1, 900, 900],
    ]);
  });
});

describe('accounts of controllers', () => {
  it('are those of the controller manager, whatever they ask for', () => {
    const { own, shared } = used(
      { user: account('job-controller'), did: 'list jobs.batch', bound: 'nothing' },
      { user: account('token-cleaner'), did: 'delete secrets kube-system/x' },
    );
    expect(own.map(({ user }) => user)).toEqual([account('job-controller'), account('token-cleaner')]);
    expect(shared).toEqual([]);
  });

  it.each([
    ['of another name', { user: account('coredns'), did: 'list pods' }],
    ['of another namespace', { user: 'system:serviceaccount:shop:job-controller', did: 'list jobs.batch' }],
    ['of what the cloud controller manager runs too', { user: account('node-controller'), did: 'patch nodes /n' }],
    ['in a pod', { user: account('job-controller'), bound: 'pod', did: 'list jobs.batch' } as const],
    ['only asked about', { user: account('job-controller'), did: 'create pods shop', through: 'review' } as const],
  ])('not %s', (_which, line) => {
    expect(used(line)).toEqual({ own: [], shared: [] });
  });

  it('tell nothing where somebody impersonates them', () => {
    const own = { user: account('job-controller'), did: 'list jobs.batch' };
    const other = { user: account('cronjob-controller'), did: 'list cronjobs.batch' };
    const asAccount: Line = { user: 'alice', did: 'impersonate serviceaccounts kube-system/job-controller', through: 'impersonation' };
    expect(used(own, other, asAccount).own.map(({ user }) => user)).toEqual([account('cronjob-controller')]);
    const asManager: Line = { user: 'alice', did: `impersonate users /${CONTROLLER_MANAGER}`, through: 'impersonation' };
    expect(used(manager('create pods shop'), asManager).shared).toEqual([]);
  });
});
