/**
 * What an event of the audit log says was done, entered into the ledger: the request by whoever it was judged for, and
 * what could not have been done without other rights (impersonation, reviews, bindings, approvals).
 */
import { isRecord, textOf } from '../../../lib/record.ts';
import { type Asked, type Ledger, type OpenStream, type Outcome, makerOf } from '../../../record/index.ts';
import { ACCOUNT, Actors } from './actors.ts';
import { type AuditEvent, type AuditUser, type ObjectReference, textsOf } from './event.ts';

const REVIEWS = new Set(['subjectaccessreviews', 'localsubjectaccessreviews', 'selfsubjectaccessreviews']);
const BINDINGS = new Set(['rolebindings', 'clusterrolebindings']);
const WRITES = new Set(['create', 'update', 'patch']);
/** Long requests are told twice, when they begin and when they end. No server has more of them open at once. */
const MOST_OPEN = 200_000;
/** Where more arrived than servers take at once, answers are not logged. */
const MOST_RECEIVED = 20_000;
/** In seconds: the server ends what takes more than a minute, but what it tells of when it begins. */
const LONGEST_ANSWER = 120;

/** Whose bodies say more than that somebody wrote them. */
export function needsBody({ resource, subresource }: ObjectReference): boolean {
  return REVIEWS.has(resource) || BINDINGS.has(resource) || (resource === 'certificatesigningrequests' && subresource === 'approval');
}

export class AuditEntry {
  readonly #ledger: Ledger;
  readonly #actors: Actors;
  readonly #begun = new Set<string>();
  /** Requests of which nothing but their arrival is told so far. */
  readonly #received = new Map<string, { readonly stream: OpenStream; readonly event: AuditEvent }>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#actors = new Actors(ledger);
  }

  enter(stream: OpenStream, event: AuditEvent): void {
    const { verb, object, stage } = event;
    const beat = object?.resource === 'leases' && object.namespace === 'kube-node-lease' && WRITES.has(verb);
    stream.event(event.time, { beat, id: event.auditId });
    if (stage === 'RequestReceived') {
      // Without an id no answer could be told to be its.
      if (event.auditId === '') return;
      if (this.#received.size < MOST_RECEIVED) this.#received.set(event.auditId, { stream, event });
      else this.#enter(stream, event);
      return;
    }
    if (this.#received.size > 0) this.#received.delete(event.auditId);
    if (!this.#isTold(event)) this.#enter(stream, event);
  }

  /**
   * At the end of a log, whose last event was at that time. Of a server that was killed the log has no more than that a
   * request arrived; those that may still have been answered are left to the log that goes on.
   */
  end(last: number): void {
    for (const { stream, event } of this.#received.values()) if (event.time < last - LONGEST_ANSWER) this.#enter(stream, event);
    this.#received.clear();
  }

  #enter(stream: OpenStream, event: AuditEvent): void {
    const { object } = event;
    const outcome = outcomeOf(event);
    const judged = event.impersonated ?? event.user;
    const enter = (user: AuditUser, asked: Asked, how: Outcome): void =>
      this.#ledger.request(this.#actors.idOf(user), asked, { stream: stream.id, time: event.time, outcome: how });
    enter(judged, askedOf(event), outcome);
    if (event.impersonated !== undefined) {
      // The server notes who was impersonated once that was allowed.
      for (const asked of impersonations(event.impersonated)) enter(event.user, asked, 'allowed');
    }
    if (outcome !== 'denied' && object !== undefined && event.passingVersion !== '') {
      const seen = { apiGroup: object.apiGroup, apiVersion: event.passingVersion, resource: object.resource, agent: event.agent };
      this.#ledger.version({ actor: this.#actors.idOf(judged), ...seen }, { stream: stream.id, time: event.time, outcome });
    }
    if (isCreation(event)) enter(judged, { ...askedOf(event), verb: 'create', through: 'implied' }, outcome);
    if (outcome === 'denied' || object === undefined || !needsBody(object)) return;
    if (REVIEWS.has(object.resource)) {
      const review = reviewOf(event, judged);
      if (review !== undefined) enter(review.user, review.asked, review.outcome);
      return;
    }
    const implied = impliedBy(event, object);
    // The writer may have had all rights of the role instead: the log does not say which it was.
    if (implied !== undefined) enter(judged, implied, implied.verb === 'approve' ? outcome : 'unclear');
  }

  #isTold({ stage, auditId }: AuditEvent): boolean {
    if (auditId === '') return false;
    if (stage !== 'ResponseStarted') return this.#begun.delete(auditId);
    if (this.#begun.size >= MOST_OPEN) this.#begun.clear();
    this.#begun.add(auditId);
    return false;
  }
}

function outcomeOf({ decision, code, stage }: AuditEvent): Outcome {
  if (decision === 'allow') return 'allowed';
  if (decision === 'forbid' || code === 401) return 'denied';
  // Admission refuses with the same number.
  if (code === 403 || code === 0 || stage === 'Panic') return 'unclear';
  return 'allowed';
}

function askedOf({ verb, object, path }: AuditEvent): Asked {
  if (object === undefined) return { ...NOTHING, verb, path, through: 'request' };
  // The authorizer does not know the name of what is only being created.
  const name = verb === 'create' && object.subresource === '' ? '' : isBinding(verb, object) ? makerOf(object.name) : object.name;
  return { ...NOTHING, ...object, name, verb, through: 'request' };
}

/** An update or an apply of what was not there asks for `create` inside (apiserver/pkg/endpoints/handlers: patch.go, update.go). */
function isCreation({ verb, object, code }: AuditEvent): boolean {
  return code === 201 && object?.subresource === '' && (verb === 'patch' || verb === 'update');
}

function isBinding(verb: string, { resource, subresource }: ObjectReference): boolean {
  return verb === 'create' && resource === 'pods' && subresource === 'binding';
}

const NOTHING = { apiGroup: '', resource: '', subresource: '', namespace: '', name: '', path: '' } as const;

/** k8s.io/apiserver/pkg/endpoints/filters/impersonation.go: each part is asked for by itself. */
function* impersonations({ username, groups, uid, extra = {} }: AuditUser): Generator<Asked> {
  const asked = (rest: Partial<Asked>): Asked => ({ ...NOTHING, verb: 'impersonate', through: 'impersonation', ...rest });
  const [namespace = '', account] = username.startsWith(ACCOUNT) ? username.slice(ACCOUNT.length).split(':') : [];
  if (account === undefined) yield asked({ resource: 'users', name: username });
  else yield asked({ resource: 'serviceaccounts', namespace, name: account });
  const given =
    account === undefined
      ? ['system:authenticated']
      : ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  for (const group of groups) if (!given.includes(group)) yield asked({ resource: 'groups', name: group });
  if (uid !== '') yield asked({ apiGroup: 'authentication.k8s.io', resource: 'uids', name: uid });
  for (const [key, values] of Object.entries(extra)) {
    for (const name of textsOf(values)) yield asked({ apiGroup: 'authentication.k8s.io', resource: 'userextras', subresource: key, name });
  }
}

/** What somebody asked the server about: components that decide for themselves do so before they act. */
function reviewOf(event: AuditEvent, judged: AuditUser): { user: AuditUser; asked: Asked; outcome: Outcome } | undefined {
  if (event.verb !== 'create' || !isRecord(event.request) || !isRecord(event.request.spec)) return undefined;
  const { spec } = event.request;
  const { resourceAttributes: about, nonResourceAttributes: other } = spec;
  let asked: Asked;
  if (isRecord(about)) {
    asked = {
      ...NOTHING,
      verb: textOf(about.verb),
      apiGroup: textOf(about.group),
      resource: textOf(about.resource),
      subresource: textOf(about.subresource),
      namespace: textOf(about.namespace),
      name: textOf(about.name),
      through: 'review',
    };
  } else if (isRecord(other)) asked = { ...NOTHING, verb: textOf(other.verb), path: textOf(other.path), through: 'review' };
  else return undefined;
  const groups = Array.isArray(spec.groups) ? (spec.groups as unknown[]).filter((group) => typeof group === 'string') : [];
  const isSelf = event.object?.resource === 'selfsubjectaccessreviews';
  const user = isSelf ? judged : { username: textOf(spec.user), groups, uid: '', extra: undefined };
  const status = isRecord(event.response) && isRecord(event.response.status) ? event.response.status.allowed : undefined;
  return { user, asked, outcome: status === true ? 'allowed' : status === false ? 'denied' : 'unclear' };
}

/** A right that is asked for inside of another request and never logged by itself. */
function impliedBy({ verb, request, response }: AuditEvent, object: ObjectReference): Asked | undefined {
  if (!WRITES.has(verb)) return undefined;
  const bodies = [request, response].filter((body) => isRecord(body));
  if (BINDINGS.has(object.resource)) {
    const role = bodies.map(({ roleRef }) => roleRef).find((reference) => isRecord(reference));
    if (role === undefined) return undefined;
    const resource = textOf(role.kind) === 'Role' ? 'roles' : 'clusterroles';
    const { namespace, apiGroup } = object;
    return { ...NOTHING, verb: 'bind', apiGroup, resource, namespace, name: textOf(role.name), through: 'implied' };
  }
  const spec = bodies.map((body) => body.spec).find((one) => isRecord(one));
  const signer = textOf(spec?.signerName);
  if (signer === '') return undefined;
  return { ...NOTHING, verb: 'approve', apiGroup: object.apiGroup, resource: 'signers', name: signer, through: 'implied' };
}
