/** What a change does to recorded and required use: the parts that every domain of a proof has. */

/** How long a record has to be, in seconds. docs/prediction.md shows what shorter ones get wrong. */
export const LEAST_WINDOW = 21 * 86_400;

/** How long a proof holds after the end of the record and the reading of the cluster, in seconds. */
export const PROOF_LASTS = 7 * 86_400;

/** `not-touched` where the change has nothing to do with the domain. */
export type DomainVerdict = 'safe' | 'breaks' | 'unknown' | 'not-touched';

/**
 * Why a verdict is unknown. A code is never reused for another meaning.
 * Silence of a log proves something only where none of these holds.
 */
export const UNKNOWN_CODES = {
  'no-record': 'nothing is recorded of what was used',
  'only-counted': 'the API server was never asked for it since it started, which is no record of who does what',
  'audit-policy-hides': 'the audit policy does not log such requests, or not how they ended',
  'never-seen-logged': 'no such request of anybody of this kind is in the log, so it may not be logged at all',
  'baseline-differs': 'the log says another thing than the rights of today would, so that they or the authorizer changed',
  'subject-silent': 'the log has not one request of this subject',
  'members-unknown': 'nobody knows all members of the group',
  'no-start-seen': 'no start of a workload that uses the account lies in the time of the record',
  'used-together': 'a client that does what was seen also does what would be taken',
  'not-a-request': 'such a right is used without a request of its own',
  'handed-on': 'whoever wrote roles or bindings had to hold what they give, and the log does not tell which rights those were',
  'asked-by-others': 'components asked the server about rights, and the log does not hold their questions',
  'window-short': 'the record covers fewer days than ways of use take to show',
  'record-old': 'the record ended more than seven days ago, longer than a proof holds',
  'input-old': 'the cluster was read more than seven days ago, longer than a proof holds, and may be another by now',
  'schedule-unseen': 'a CronJob that uses the account has not run twice in the time of the record',
  'rare-component': 'the account is of a component that acts when something fails or ends',
  'rare-person': 'people do such things when something fails, which no time without it rules out',
  'bound-later': 'others are bound to the role at times, or by bindings that are not in the input, and would miss what it gives no more',
  'role-unknown': 'what the role allows is not in the input',
  'servers-missing': 'there are more API servers than logs',
  'servers-unknown': 'nobody knows how many API servers there are',
  'nodes-missing': 'each node has a log of connections of its own, and not all of them are there',
  'no-heartbeat': 'the log does not hold the renewals of nodes, so that a loss would look like silence',
  'log-holes': 'the log is silent for minutes: no node renewed its lease in them, or no connection was logged',
  'lines-unread': 'lines of the log could not be read',
  'names-many': 'too many names were asked for to keep them',
  'token-reads-unseen': 'nobody watched whether a program opens its token, which it may show to others than the API server',
  'token-untracked': 'the server does not tell whether the token was used, or has not noted such use for three weeks',
  'input-partial': 'the input need not hold all pods that the change is about, as files rarely do',
  'other-version': 'the namespace is held to another release of the standard than was judged',
  'use-unattributed': 'the log does not say which of the workloads that share the account asked',
  'behaviour-unseen': 'what a program does under the changed settings was not watched',
  'ends-unknown': 'an end of a recorded connection is not in the cluster any more, or may be one of several of which some are closed',
  'address-reused': 'an address was that of several, or is that of somebody else now',
  'addresses-many': 'too many addresses were talked to to keep them, or the log does not tell them',
  'began-before': 'pods of both ends are older than the record, so that a connection may go on since then that it does not hold',
  'addresses-learned': 'who talks to addresses outside may talk to others next, and the record has only those that were talked to',
  'outside-unseen': 'it is open to clients outside, whom nobody can list: that none came in a time says nothing of others',
  'plugin-policies': 'policies of a network plug-in have a say too, in kinds of its own that are not judged here',
  tunnelled: 'connections of a mesh go through a tunnel, so that their own ports are not seen',
  'api-server-unknown': 'the API server is needed or calls what is closed, and its address is not in the input',
  'nodes-unknown': 'something on the network of a node is needed, and the addresses of nodes are not in the input',
  'resolver-unknown': 'names are resolved by more than one server, or by those of the node, and some of them would be closed',
  'scraper-unknown': 'its metrics are asked for, and who collects them is not in the input',
  'account-shared': 'the account asked the API server, and the log does not tell which of its workloads did',
  'clients-unseen': 'nobody recorded who connects to the port, or by what they sign in there',
  'file-reads-unseen': 'nobody watched who else reads the file',
} as const;

export type UnknownCode = keyof typeof UNKNOWN_CODES;

/** Connections that a cluster needs though no log need hold them. A code is never reused for another meaning. */
export const REQUIRED_CODES = {
  'api-call': 'the API server calls it: a webhook, a conversion or an extension of the API',
  'api-server': 'its account was seen asking the API server',
  dns: 'pods resolve names there',
  scrape: 'its metrics are collected',
  'host-peer': 'one end is on the network of its node, where logs do not tell it from the node',
} as const;

export type RequiredCode = keyof typeof REQUIRED_CODES;

/** Use that the cluster itself shows while it is read. A code is never reused for another meaning. */
export const SHOWN_CODES = {
  leads: 'it leads by that Lease, as the Lease says',
  wrote: 'it wrote such objects, as their managed fields say',
} as const;

export type ShownCode = keyof typeof SHOWN_CODES;

export const DENIED_CODES = { ...REQUIRED_CODES, ...SHOWN_CODES } as const;

/** Use that would be refused. Times in seconds since 1970, 0 where it was never recorded. */
export interface Denial {
  readonly who: string;
  readonly what: string;
  readonly count: number;
  readonly last: number;
  /** Of what is used or needed though no log need hold it. */
  readonly code?: RequiredCode | ShownCode;
}

/** What stands after who and what: how often it was seen, or why it counts all the same. */
export function weightOf({ count, code }: Denial): string {
  if (code !== undefined && count === 0) return `needed: ${DENIED_CODES[code]} (${code})`;
  const times = count === 1 ? '1 time' : `${count} times`;
  return code === undefined ? times : `${times}: ${DENIED_CODES[code]} (${code})`;
}

export interface UnknownBecause {
  readonly code: UnknownCode;
  /** Who or what it is about, in words; '' where it is about the whole record. */
  readonly about: string;
}

export interface DomainProof {
  readonly verdict: DomainVerdict;
  readonly unknownBecause: readonly UnknownBecause[];
  readonly denies: readonly Denial[];
  /** Recorded uses that were asked again of the changed state. */
  readonly replayed: number;
  /** What people said of use, where it decided something. */
  readonly said?: readonly string[];
}

/** The worst first: a change that breaks something is not better for what is unknown of it. */
export function worstOf(verdicts: readonly DomainVerdict[]): DomainVerdict {
  for (const verdict of ['breaks', 'unknown', 'safe'] as const) if (verdicts.includes(verdict)) return verdict;
  return 'not-touched';
}
