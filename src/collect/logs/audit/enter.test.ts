import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUNS } from '../../../../test/runs.ts';
import { Ledger } from '../../../record/index.ts';
import { AuditEntry } from './enter.ts';
import { eventOf } from './event.ts';
import { withoutBodies } from './lean-line.ts';

const BASE = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  stage: 'ResponseComplete',
  verb: 'get',
  requestURI: '/api/v1/namespaces/shop/pods/cart?timeout=3s',
  user: { username: 'alice', groups: ['dev'] },
  objectRef: { resource: 'pods', namespace: 'shop', name: 'cart', apiVersion: 'v1' },
  responseStatus: { code: 200 },
  requestReceivedTimestamp: '2026-03-01T10:00:00.000000Z',
  stageTimestamp: '2026-03-01T10:00:01.000000Z',
};

/** Each use as `WHO VERB GROUP/RESOURCE/SUBRESOURCE NAMESPACE/NAME PATH THROUGH: allowed/denied/unclear`. */
function uses(...events: readonly Record<string, unknown>[]): string[] {
  return usesUntil('', ...events);
}

/** Where the log ends at that time. */
function usesUntil(end: string, ...events: readonly Record<string, unknown>[]): string[] {
  const ledger = new Ledger();
  const entry = new AuditEntry(ledger);
  const stream = ledger.stream('cp1', 'audit');
  for (const value of events) {
    const event = eventOf({ ...BASE, ...value });
    if (event === undefined) throw new Error('no event');
    entry.enter(stream, event);
  }
  if (end !== '') entry.end(Date.parse(end) / 1000);
  const { actors, requests } = ledger.record();
  return requests
    .map(({ actor, asked, allowed, denied, unclear }) => {
      const { verb, apiGroup, resource, subresource, namespace, name, path, through } = asked;
      const what = resource === '' ? path : `${[apiGroup, resource, subresource].join('/')} ${namespace}/${name}`;
      return `${actors[actor]?.name} ${verb} ${what} ${through}: ${allowed}/${denied}/${unclear}`;
    })
    .toSorted();
}

describe('an event of the audit log', () => {
  test('counts as what the authorizer said, else as the answer lets tell', () => {
    const decided = (decision: string, code: number): Record<string, unknown> => ({
      annotations: { 'authorization.k8s.io/decision': decision },
      responseStatus: { code },
    });
    expect(uses(decided('allow', 200))).toEqual(['alice get /pods/ shop/cart request: 1/0/0']);
    expect(uses(decided('allow', 403))).toEqual(['alice get /pods/ shop/cart request: 1/0/0']);
    expect(uses(decided('forbid', 403))).toEqual(['alice get /pods/ shop/cart request: 0/1/0']);
    expect(uses({ responseStatus: { code: 404 } })).toEqual(['alice get /pods/ shop/cart request: 1/0/0']);
    expect(uses({ responseStatus: { code: 403 } })).toEqual(['alice get /pods/ shop/cart request: 0/0/1']);
    expect(uses({ responseStatus: {} })).toEqual(['alice get /pods/ shop/cart request: 0/0/1']);
  });

  test('of an update or an apply that created holds the right to create too', () => {
    const created = { responseStatus: { code: 201 } };
    const [asked, create] = ['alice patch /pods/ shop/cart request: 1/0/0', 'alice create /pods/ shop/cart implied: 1/0/0'];
    expect(uses({ verb: 'patch', ...created })).toEqual([create, asked]);
    expect(uses({ verb: 'update', ...created })).toEqual([create, asked.replace('patch', 'update')]);
    expect(uses({ verb: 'patch' })).toEqual([asked]);
    expect(uses({ verb: 'create', ...created })).toEqual(['alice create /pods/ shop/ request: 1/0/0']);
  });

  test('is kept with its version and its client where that version is not meant to stay', () => {
    const ledger = new Ledger();
    const entry = new AuditEntry(ledger);
    const stream = ledger.stream('cp1', 'audit');
    const asked = (apiVersion: string, more: Record<string, unknown> = {}): void => {
      const objectRef = { apiGroup: 'batch', apiVersion, resource: 'cronjobs', namespace: 'shop', name: 'a' };
      const event = eventOf({ ...BASE, objectRef, userAgent: 'helm/v3.9.0 (linux/amd64) go-client', ...more });
      if (event !== undefined) entry.enter(stream, event);
    };
    asked('v1');
    asked('v1beta1');
    asked('v1beta1', { annotations: { 'authorization.k8s.io/decision': 'forbid' } });
    asked('v1', { annotations: { 'k8s.io/deprecated': 'true', 'k8s.io/removed-release': '1.99' }, userAgent: 'x' });
    const kept = ledger.record().versions.map(({ apiGroup, apiVersion, resource, agent, allowed, denied }) => ({
      api: `${apiGroup}/${apiVersion} ${resource}`,
      agent,
      allowed,
      denied,
    }));
    expect(kept).toEqual([
      { api: 'batch/v1 cronjobs', agent: 'x', allowed: 1, denied: 0 },
      { api: 'batch/v1beta1 cronjobs', agent: 'helm/v3.9.0', allowed: 1, denied: 0 },
    ]);
  });

  test('is counted once, though it begins and ends', () => {
    const watch = { verb: 'watch', auditID: 'w' };
    expect(
      uses({ ...watch, stage: 'RequestReceived' }, { ...watch, stage: 'ResponseStarted' }, { ...watch, stage: 'ResponseComplete' }),
    ).toEqual(['alice watch /pods/ shop/cart request: 1/0/0']);
    expect(uses({ ...watch, stage: 'ResponseStarted' })).toHaveLength(1);
    expect(uses({ ...watch, stage: 'RequestReceived' })).toEqual([]);
  });

  test('that only arrived may have been anything, where the log goes on and has no answer', () => {
    const received = { auditID: 'a', stage: 'RequestReceived', responseStatus: undefined };
    expect(usesUntil('2026-03-01T10:05:00Z', received)).toEqual(['alice get /pods/ shop/cart request: 0/0/1']);
    expect(usesUntil('2026-03-01T10:00:30Z', received)).toEqual([]);
    expect(usesUntil('2026-03-01T10:05:00Z', received, { auditID: 'a' })).toEqual(['alice get /pods/ shop/cart request: 1/0/0']);
  });

  test('has no name where the authorizer did not know it', () => {
    expect(uses({ verb: 'create' })).toEqual(['alice create /pods/ shop/ request: 1/0/0']);
    const exec = { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'cart' };
    expect(uses({ verb: 'create', objectRef: exec })).toEqual(['alice create /pods/exec shop/cart request: 1/0/0']);
  });

  test('of no resource has its path, without the query', () => {
    expect(uses({ objectRef: undefined, requestURI: '/metrics?a=b' })).toEqual(['alice get /metrics request: 1/0/0']);
  });

  test('on behalf of somebody is his, and says that he was impersonated', () => {
    const account = {
      username: 'system:serviceaccount:shop:cart',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated', 'extra'],
    };
    expect(uses({ impersonatedUser: account })).toEqual([
      'alice impersonate /groups/ /extra impersonation: 1/0/0',
      'alice impersonate /serviceaccounts/ shop/cart impersonation: 1/0/0',
      'system:serviceaccount:shop:cart get /pods/ shop/cart request: 1/0/0',
    ]);
    const person = { username: 'bob', groups: ['ops', 'system:authenticated'], uid: '7', extra: { scopes: ['view'] } };
    expect(uses({ impersonatedUser: person })).toEqual([
      'alice impersonate /groups/ /ops impersonation: 1/0/0',
      'alice impersonate /users/ /bob impersonation: 1/0/0',
      'alice impersonate authentication.k8s.io/uids/ /7 impersonation: 1/0/0',
      'alice impersonate authentication.k8s.io/userextras/scopes /view impersonation: 1/0/0',
      'bob get /pods/ shop/cart request: 1/0/0',
    ]);
  });

  test('that asks what somebody may do says so of him', () => {
    const review = {
      verb: 'create',
      objectRef: { resource: 'subjectaccessreviews', apiGroup: 'authorization.k8s.io' },
      requestObject: {
        spec: {
          user: 'bob',
          groups: ['ops'],
          resourceAttributes: { verb: 'use', group: 'policy', resource: 'things', namespace: 'shop', name: 'x' },
        },
      },
      responseObject: { status: { allowed: true } },
    };
    expect(uses(review)).toContain('bob use policy/things/ shop/x review: 1/0/0');
    expect(uses({ ...review, responseObject: undefined })).toContain('bob use policy/things/ shop/x review: 0/0/1');
    const own = { ...review, objectRef: { resource: 'selfsubjectaccessreviews', apiGroup: 'authorization.k8s.io' } };
    expect(uses(own)).toContain('alice use policy/things/ shop/x review: 1/0/0');
  });

  test('that binds a role or approves a certificate implies another right', () => {
    const objectRef = { resource: 'rolebindings', apiGroup: 'rbac.authorization.k8s.io', namespace: 'shop', name: 'b' };
    const requestObject = { roleRef: { kind: 'ClusterRole', name: 'edit' } };
    expect(uses({ verb: 'create', objectRef, requestObject })).toContain(
      'alice bind rbac.authorization.k8s.io/clusterroles/ shop/edit implied: 0/0/1',
    );
    const approval = { resource: 'certificatesigningrequests', subresource: 'approval', apiGroup: 'certificates.k8s.io', name: 'c' };
    expect(
      uses({ verb: 'update', objectRef: approval, responseObject: { spec: { signerName: 'kubernetes.io/kube-apiserver-client' } } }),
    ).toContain('alice approve certificates.k8s.io/signers/ /kubernetes.io/kube-apiserver-client implied: 1/0/0');
  });

  test('tells tokens that belong to a pod from those that do not', () => {
    const ledger = new Ledger();
    const entry = new AuditEntry(ledger);
    const username = 'system:serviceaccount:shop:cart';
    for (const extra of [{ 'authentication.kubernetes.io/pod-name': ['cart-1'] }, {}, undefined]) {
      const event = eventOf({ ...BASE, user: { username, groups: [], extra } });
      if (event !== undefined) entry.enter(ledger.stream('cp1', 'audit'), event);
    }
    expect(new Set(ledger.record().actors.map(({ bound }) => bound))).toEqual(new Set(['nothing', 'pod', undefined]));
  });

  test('of a node that renews its lease is a heartbeat', () => {
    const ledger = new Ledger();
    const stream = ledger.stream('cp1', 'audit');
    const lease = eventOf({
      ...BASE,
      verb: 'update',
      objectRef: { resource: 'leases', apiGroup: 'coordination.k8s.io', namespace: 'kube-node-lease', name: 'n1' },
    });
    if (lease !== undefined) new AuditEntry(ledger).enter(stream, lease);
    expect(stream.beating.isEmpty).toBe(false);
  });
});

describe('a line without its bodies', () => {
  const key = fc.constantFrom('requestObject', 'responseObject', 'requestReceivedTimestamp', 'a', '"requestObject":', ',"requestObject":');
  const body = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string(),
      key,
      fc.integer(),
      fc.dictionary(key, tie('value'), { maxKeys: 3 }),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  })).value;

  test('is the event without them, whatever they hold', () => {
    fc.assert(
      fc.property(body, body, fc.dictionary(key, fc.array(key, { maxLength: 2 })), (request, response, extra) => {
        const { requestReceivedTimestamp, stageTimestamp, ...head } = BASE;
        const event = {
          ...head,
          user: { ...BASE.user, extra },
          requestObject: request,
          responseObject: response,
          requestReceivedTimestamp,
          stageTimestamp,
        };
        const lean = withoutBodies(Buffer.from(JSON.stringify(event)));
        // Where it gives up, the whole is parsed.
        if (lean !== undefined)
          expect(lean).toEqual(JSON.parse(JSON.stringify({ ...event, requestObject: undefined, responseObject: undefined })));
      }),
      { numRuns: RUNS },
    );
  });

  test('is found where the API server writes them', () => {
    const { requestReceivedTimestamp, stageTimestamp, ...head } = BASE;
    const event = { ...head, requestObject: { a: 1 }, responseObject: { b: 2 }, requestReceivedTimestamp, stageTimestamp };
    expect(withoutBodies(Buffer.from(JSON.stringify(event)))).toEqual(BASE);
    expect(withoutBodies(Buffer.from(JSON.stringify(BASE)))).toBeUndefined();
  });
});
