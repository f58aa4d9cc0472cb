/** Rights that the server asks for while it answers another request of the same user, which is all that the log has. */
import { withImplicitGroups } from '../../engines/rbac/index.ts';
import type { Asked, RequestUse, UseRecord } from '../../record/index.ts';
import type { RequestEvidence } from './evidence.ts';
import type { LostRight } from './lost.ts';
import { usesIn } from './uses.ts';

interface Write {
  readonly name: string;
  readonly groups: readonly string[];
  readonly asked: Asked;
}

const WRITES = new Set(['create', 'update', 'patch']);
const POLICIES = /^(validating|mutating)admissionpolic(ies|ybindings)$/;

/** The writes of a record that ask for more than they say. */
export class UsedInside {
  /** Google's log does not tell whether an update or an apply made the object, for which `create` is asked (handlers: patch.go, update.go). */
  readonly #making: readonly Write[];
  /** Whoever changes the owners of an object needs to delete it (plugin/pkg/admission/gc). */
  readonly #owning: readonly Write[];
  /** Who writes a policy with parameters has to be able to read these (pkg/registry/admissionregistration: authz.go). */
  readonly #policies: readonly Write[];

  constructor(record: UseRecord, { ownersChecked = false }: Pick<RequestEvidence, 'ownersChecked'>) {
    const isWrite = ({ asked, allowed, unclear }: RequestUse): boolean =>
      allowed + unclear > 0 && asked.subresource === '' && WRITES.has(asked.verb);
    const google = new Set(record.streams.flatMap(({ formats }, index) => (formats.includes('google') ? [index] : [])));
    const named = (uses: readonly RequestUse[]): Write[] =>
      uses.map(({ actor, asked }) => ({ ...withImplicitGroups(record.actors[actor] ?? { name: '', groups: [] }), asked }));
    const writes = google.size > 0 || ownersChecked ? record.requests.filter(isWrite) : [];
    this.#making = named(writes.filter(({ asked, streams }) => asked.verb !== 'create' && streams.some((stream) => google.has(stream))));
    this.#owning = ownersChecked ? named(writes) : [];
    const ofAdmission = usesIn(record).inGroup('admissionregistration.k8s.io');
    this.#policies = named(ofAdmission.filter((use) => isWrite(use) && POLICIES.test(use.asked.resource)));
  }

  /** Whether a request that was seen may have asked for the right too. */
  may({ subject, verb, apiGroup, resource }: LostRight): boolean {
    const is = (...verbs: readonly string[]): boolean => verb === '*' || verbs.includes(verb);
    const isHis = ({ name, groups }: Write): boolean =>
      subject.kind === 'Group' ? groups.includes(subject.name) : name === subject.userName;
    const isSame = ({ asked }: Write): boolean =>
      (resource === '*' || asked.resource === resource) && (apiGroup === '*' || asked.apiGroup === apiGroup);
    return (
      (is('create') && this.#making.some((write) => isSame(write) && isHis(write))) ||
      (is('delete') && this.#owning.some((write) => isSame(write) && isHis(write))) ||
      (is('get', 'list') && this.#policies.some(isHis))
    );
  }
}
