import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Raw, type Who, allows, bindingsOf, covers, roleOf, rulesFor, settle } from '../../../test/rbac/brute-force.ts';
import { RANDOM_OBJECTS, RANDOM_REQUEST, RANDOM_RULES, RANDOM_USER } from '../../../test/rbac/worlds.ts';
import { RUNS } from '../../../test/runs.ts';
import { toApiObject } from '../../model/index.ts';
import { closureOf, has } from './closure.ts';
import { rbacOfObjects } from './read.ts';
import { isResourceRequest } from './request.ts';
import type { Subject } from './world.ts';
import { type RbacObject, authorizeWrite } from './write.ts';

const GROUP = 'rbac.authorization.k8s.io';

describe('the engine and brute force on random worlds', () => {
  it('authorize the same', () => {
    fc.assert(
      fc.property(RANDOM_OBJECTS, fc.array(fc.tuple(RANDOM_USER, RANDOM_REQUEST), { minLength: 1, maxLength: 8 }), (objects, asked) => {
        const rbac = rbacOfObjects(objects);
        const settled = settle(objects);
        for (const [user, request] of asked) {
          expect([user, request, rbac.authorize(user, request).allowed]).toEqual([user, request, allows(settled, user, request)]);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('find the same holders', () => {
    fc.assert(
      fc.property(RANDOM_OBJECTS, RANDOM_REQUEST, (objects, request) => {
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
      fc.property(RANDOM_OBJECTS, fc.array(RANDOM_REQUEST, { minLength: 1, maxLength: 40 }), (objects, requests) => {
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
      fc.property(RANDOM_OBJECTS, RANDOM_USER, RANDOM_RULES, fc.constantFrom('', 'a', 'b'), (objects, user, rules, namespace) => {
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
