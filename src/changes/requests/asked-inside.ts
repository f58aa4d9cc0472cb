/**
 * Rights that the API server asks for inside of other requests, so that the log never has them: verbs and subresources that
 * it serves no request for, and what expressions of admission ask of the authorizer.
 */
import { isRecord } from '../../lib/record.ts';
import type { LostRight } from './lost.ts';

const RESOURCE_VERBS = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '*']);
const PATH_VERBS = new Set(['get', 'head', 'post', 'put', 'patch', 'delete', 'options', '*']);
/** Those of the API that requests are for, with what custom resources can have. */
const SERVED = new Set(
  'status scale exec attach portforward proxy log binding eviction ephemeralcontainers resize token approval finalize *'.split(' '),
);
/** Resources on which a star stands for verbs that are no requests too. */
const STARRED = new Set(['roles', 'clusterroles', 'users', 'groups', 'serviceaccounts', 'uids', 'userextras', 'signers', '*']);
const BLOCKS_OWNER = new Set(['update', '*']);

/** Whether no request by it could ever be in a log, or not all use of it. */
export function isNoRequest({ verb, resource, path }: Pick<LostRight, 'verb' | 'resource' | 'path'>): boolean {
  if (path !== '') return !PATH_VERBS.has(verb);
  const [main = '', subresource] = resource.split('/');
  if (!RESOURCE_VERBS.has(verb) || (verb === '*' && STARRED.has(main))) return true;
  // OwnerReferencesPermissionEnforcement asks for update of finalizers, of whatever owns an object.
  if (main === '*' && subresource === undefined) return BLOCKS_OWNER.has(verb);
  return subresource !== undefined && !SERVED.has(subresource);
}

/** Groups without a domain of somebody else are Kubernetes' own. */
const KUBERNETES = /^$|^[a-z]+$|\.k8s\.io$/;

/** A verb that whoever brings the resource may have made up, and asks the server about. */
export function isOwnVerb({ verb, apiGroup, path }: Pick<LostRight, 'verb' | 'apiGroup' | 'path'>): boolean {
  return path === '' && !RESOURCE_VERBS.has(verb) && !KUBERNETES.test(apiGroup);
}

/** All expressions of an object of admission in one text, where one of them asks the authorizer. */
export function askingText(object: Readonly<Record<string, unknown>>): string | undefined {
  const text = [...stringsIn(object.spec), ...stringsIn(object.webhooks)].join('\n');
  return /\bauthorizer\b/.test(text) ? text : undefined;
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const one of value as unknown[]) yield* stringsIn(one);
  else if (isRecord(value)) for (const one of Object.values(value)) yield* stringsIn(one);
}

/** Whether one of the texts may ask for it. Arguments that are no plain strings may be any. */
export function isAskedIn(texts: readonly string[], { verb, resource, path }: Pick<LostRight, 'verb' | 'resource' | 'path'>): boolean {
  const [main = ''] = resource.split('/');
  return texts.some((text) => {
    const isVerb = verb === '*' || mayBe(text, 'check', (given) => given === verb);
    if (!isVerb) return false;
    if (path !== '') return mayBe(text, 'path', (given) => given === path || path.endsWith('*'));
    return main === '*' || text.includes('requestResource') || mayBe(text, 'resource', (given) => given === main);
  });
}

function mayBe(text: string, name: string, is: (given: string) => boolean): boolean {
  const calls = text.matchAll(new RegExp(String.raw`\.\s*${name}\(\s*(?:'([^']*)'\s*\)|"([^"]*)"\s*\))?`, 'g'));
  return [...calls].some(([, single, double]) => {
    const given = single ?? double;
    return given === undefined || is(given);
  });
}
