/** What people say of use overrules silence, and never what was recorded. */
import { accountUserName } from '../engines/rbac/index.ts';
import type { Rbac, Subject, User } from '../engines/rbac/index.ts';
import { type Attestation, attestationText } from '../rules/index.ts';
import type { Denial } from './proof.ts';
import type { LostRight } from './requests/lost.ts';

export class Attestations {
  readonly #valid: readonly Attestation[];
  readonly expired: readonly Attestation[];

  /** `today` as 2026-11-30. */
  constructor(all: readonly Attestation[], today: string) {
    this.#valid = all.filter(({ until }) => until >= today);
    this.expired = all.filter(({ until }) => until < today);
  }

  /** Who says that nobody needs a right. */
  notNeeded({ subject, verb, apiGroup, resource, path, namespace }: LostRight): Attestation | undefined {
    return this.#valid.find(({ needed, what, of }) => {
      if (needed || what.kind !== 'right' || of !== refOfSubject(subject)) return false;
      if (what.namespace !== '' && what.namespace !== namespace) return false;
      if (!what.verbs.includes(verb) && !what.verbs.includes('*')) return false;
      if (path !== '' || what.path !== '') return path === what.path;
      return (what.resource === '*' || what.resource === resource) && (what.apiGroup === '*' || what.apiGroup === apiGroup);
    });
  }

  /** What people need and would be refused. */
  neededRights(before: Rbac, after: Rbac): { denies: Denial[]; said: string[] } {
    const denies: Denial[] = [];
    const said: string[] = [];
    for (const attestation of this.#valid) {
      const { needed, what, of, text } = attestation;
      if (!needed || what.kind !== 'right') continue;
      const user = userOf(of);
      const [resource = '', ...sub] = what.resource.split('/');
      const { apiGroup, path, namespace } = what;
      const isLost = what.verbs.some((verb) => {
        const request = path === '' ? { verb, apiGroup, resource, subresource: sub.join('/'), namespace, name: '' } : { verb, path };
        return before.authorize(user, request).allowed && !after.authorize(user, request).allowed;
      });
      if (!isLost) continue;
      denies.push({ who: user.name === '' ? of : user.name, what: text, count: 0, last: 0 });
      said.push(attestationText(attestation));
    }
    return { denies, said };
  }

  /** Whether somebody says anything of the token of a workload. */
  ofToken(ref: string): Attestation | undefined {
    return this.#valid.find(({ what, of }) => what.kind === 'token' && of === ref);
  }

  /** Whether somebody says anything of a connection, by the names that the network gives its ends. */
  ofConnection({ src, dst }: { src: string; dst: string }): Attestation | undefined {
    return this.#valid.find(({ what, of }) => what.kind === 'connection' && of === src && what.to === dst);
  }
}

function refOfSubject({ kind, namespace, name }: Subject): string {
  return kind === 'ServiceAccount' ? `ServiceAccount/${namespace}/${name}` : `${kind}/${name}`;
}

function userOf(ref: string): User {
  const [kind, ...rest] = ref.split('/');
  const [namespace = '', name = ''] = rest;
  if (kind === 'ServiceAccount') return { name: accountUserName({ namespace, name }), groups: [] };
  return kind === 'Group' ? { name: '', groups: [rest.join('/')] } : { name: rest.join('/'), groups: [] };
}
