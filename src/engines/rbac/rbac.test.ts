import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Raw, type Who, allows, bindingsOf, covers, roleOf, rulesFor, settle } from '../../../test/rbac/brute-force.ts';
import { RANDOM_CASE, RANDOM_REQUEST } from '../../../test/rbac/worlds.ts';
import { RUNS } from '../../../test/runs.ts';
import { toApiObject } from '../../model/index.ts';
import { closureOf, has } from './closure.ts';
import { rbacOfObjects } from './read.ts';
import { isResourceRequest } from './request.ts';
import type { Subject } from './world.ts';
import { type RbacObject, authorizeWrite } from './write.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** Lets everybody who signed in write roles and bindings, so that the checks of what is handed out decide. */
const WRITERS: Raw[] = [
  {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'writer' },
    rules: [{ apiGroups: [GROUP], resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'], verbs: ['create'] }],
  },
  {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'writers' },
    roleRef: { kind: 'ClusterRole', name: 'writer' },
    subjects: ['devs', 'ops', 'system:authenticated'].map((name) => ({ kind: 'Group', name })),
  },
];

describe('the engine and brute force on random worlds', () => {
  it('authorize the same', () => {
    let allowed = 0;
    fc.assert(
      fc.property(RANDOM_CASE, ({ objects, user, request }) => {
        const expected = allows(settle(objects), user, request);
        if (expected) allowed += 1;
        expect(rbacOfObjects(objects).authorize(user, request).allowed).toBe(expected);
      }),
      { numRuns: RUNS },
    );
    // A property that only ever denies would prove nothing.
    expect(allowed / RUNS).toBeGreaterThan(0.1);
  });

  it('find the same holders', () => {
    fc.assert(
      fc.property(RANDOM_CASE, ({ objects, request }) => {
        const rbac = rbacOfObjects(objects);
        const settled = settle(objects);
        const namespace = isResourceRequest(request) ? request.namespace : '';
        const found = new Set(
          rbac.allowing(request, namespace).flatMap(({ binding }) => binding.subjects.map(({ subject }) => subject.id)),
        );
        for (const subject of rbac.subjects) {
          if (subject.name === 'system:masters') continue;
          expect([subject, found.has(subject.id)]).toEqual([subject, allows(settled, whoIs(subject), request)]);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('close over the same rights', () => {
    fc.assert(
      fc.property(RANDOM_CASE, fc.array(RANDOM_REQUEST, { maxLength: 40 }), ({ objects, request }, others) => {
        const requests = [...others, request];
        const rbac = rbacOfObjects(objects);
        const settled = settle(objects);
        const { bySubject } = closureOf(rbac, requests);
        for (const subject of rbac.subjects) {
          if (subject.name === 'system:masters') continue;
          for (const [index, request] of requests.entries()) {
            const namespace = isResourceRequest(request) ? request.namespace : '';
            const rows = bySubject[subject.id] ?? [];
            const held = rows.some((row) => (row.namespace === '' || row.namespace === namespace) && has(row, index));
            expect([subject, request, held]).toEqual([subject, request, allows(settled, whoIs(subject), request)]);
          }
        }
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  it('let the same roles and bindings be written', () => {
    fc.assert(
      fc.property(RANDOM_CASE, fc.constantFrom('', 'a', 'b'), ({ objects: some, user, rules }, namespace) => {
        const objects = [...some, ...WRITERS];
        const rbac = rbacOfObjects(objects);
        const settled = settle(objects);
        const prefix = namespace === '' ? 'cluster' : '';
        const may = (verb: string, resource: string, name = ''): boolean =>
          allows(settled, user, { verb, apiGroup: GROUP, resource, subresource: '', name, namespace });
        const owned = rulesFor(settled, user, namespace);
        const isMaster = user.groups.includes('system:masters');

        const role = { ...fresh(namespace === '' ? 'ClusterRole' : 'Role', namespace), rules };
        const roles = `${prefix}roles`;
        expect(authorizeWrite(rbac, user, { verb: 'create', object: read(role) }).allowed).toBe(
          may('create', roles) && (isMaster || may('escalate', roles) || covers(owned, rules)),
        );

        for (const binding of bindingsOf(objects).filter(({ metadata }) => (metadata.namespace ?? '') === namespace)) {
          const { kind, name } = binding.roleRef;
          const target = roleOf(settled, binding);
          const isHandable =
            isMaster ||
            may('bind', kind === 'Role' ? 'roles' : 'clusterroles', name) ||
            (target !== undefined && covers(owned, target.rules ?? []));
          const isValid = kind === 'ClusterRole' || namespace !== '';
          const written = { ...binding, ...fresh(binding.kind, namespace) };
          expect(authorizeWrite(rbac, user, { verb: 'create', object: read(written) }).allowed).toBe(
            isValid && may('create', `${prefix}rolebindings`) && isHandable,
          );
        }
      }),
      { numRuns: RUNS },
    );
  });
});

/** Somebody who is this subject and nothing else. */
function whoIs({ kind, name, userName }: Subject): Who {
  return kind === 'Group' ? { name: 'nobody-else', groups: [name] } : { name: userName, groups: [] };
}

function fresh(kind: string, namespace: string): Raw {
  return { apiVersion: `${GROUP}/v1`, kind, metadata: { name: 'fresh', ...(namespace !== '' && { namespace }) } };
}

function read(object: Raw): RbacObject {
  return toApiObject({ object, origin: { source: '', line: 1, format: 'json', prefix: [] } }, 0) as RbacObject;
}

it('roles that a server has yet to name are nobody else', () => {
  const role = (kind: string, metadata: object, verb: string): Record<string, unknown> => ({
    apiVersion: `${GROUP}/v1`,
    kind,
    metadata,
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: [verb] }],
  });
  const rbac = rbacOfObjects([
    role('ClusterRole', { generateName: 'any-' }, 'get'),
    role('ClusterRole', { generateName: 'any-' }, 'list'),
    role('Role', { name: 'reader', namespace: 'shop' }, 'watch'),
    role('Role', { name: 'writer', namespace: 'shop' }, 'update'),
  ]);
  expect(rbac.roles.map(({ id }) => id)).toEqual([0, 1, 2]);
  const verbs = rbac.roleRules.filter(({ role: of }) => of.id === rbac.role('Role/shop/reader')?.id).map(({ rule }) => rule.verbs);
  expect(verbs).toEqual([['watch']]);
});
