/** Who asked, as the record knows him: by name, groups, and what made the pod that his token is bound to. */
import { listIn, mapIn } from '../../../lib/groups.ts';
import { type Actor, type Ledger, workloadIn } from '../../../record/index.ts';
import { type AuditUser, textsOf } from './event.ts';

export const ACCOUNT = 'system:serviceaccount:';
const POD_NAME = 'authentication.kubernetes.io/pod-name';
/** Users with their pods, before all that is known of them is forgotten. */
const MOST_KNOWN = 20_000;

/** Who asks is mostly known: what a user is as an actor is worked out when he first comes. */
export class Actors {
  readonly #ledger: Ledger;
  /** By name, then by pod. */
  readonly #known = new Map<string, Map<string | undefined, { readonly user: AuditUser; readonly id: number }[]>>();
  #count = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  idOf(user: AuditUser): number {
    const pod = podOf(user);
    const same = this.#known.get(user.username)?.get(pod);
    const found = same?.find((one) => isSame(one.user, user));
    if (found !== undefined) return found.id;
    const id = this.#ledger.actor(actorOf(user));
    if (this.#count === MOST_KNOWN) {
      this.#known.clear();
      this.#count = 0;
    }
    this.#count += 1;
    listIn(mapIn(this.#known, user.username), pod).push({ user, id });
    return id;
  }
}

/** Of two users of one name and one pod. */
function isSame(one: AuditUser, other: AuditUser): boolean {
  const [groups, others] = [one.groups, other.groups];
  if ((one.extra === undefined) !== (other.extra === undefined) || groups.length !== others.length) return false;
  return groups.every((group, index) => group === others[index]);
}

function actorOf(user: AuditUser): Actor {
  const { username, groups, extra } = user;
  const actor = { name: username, groups: [...groups].toSorted() };
  if (!username.startsWith(ACCOUNT) || extra === undefined) return actor;
  const pod = podOf(user);
  return pod === undefined ? { ...actor, bound: 'nothing' } : { ...actor, bound: 'pod', maker: workloadIn(pod) };
}

/** To which the token is bound. */
function podOf({ extra }: AuditUser): string | undefined {
  return extra === undefined ? undefined : textsOf(extra[POD_NAME])[0];
}
