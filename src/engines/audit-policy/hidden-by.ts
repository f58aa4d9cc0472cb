/** Which requests a policy keeps out of the log, wholly or in part, and which rule does it to whom. */
import { isLongRunning } from '../request-info/index.ts';
import { withStars } from './atoms.ts';
import { type RequestClass, REQUEST_CLASSES } from './classes.ts';
import { type AuditPolicy, type AuditRequest, type AuditRule, type Level, LEVELS, isAtLeast } from './policy.ts';
import { decisionOf, reachOf } from './reach.ts';
import type { RequestSet } from './request-set.ts';
import { type Seen, seenOf } from './seen.ts';

/** `maybe`: some rule could do it, and the policy names too much to say for sure. */
export type Share = 'never' | 'sometimes' | 'always' | 'maybe';

/** One rule's part in a class. */
export interface Part extends Seen {
  /** Index of the rule; left out where no rule matches. */
  readonly rule?: number;
  /** Whom and what the rule is narrowed to, in words; '' where to nobody. */
  readonly narrowedTo: string;
  /** `get secrets`, without repetition, in the order of the class; a star stands for what no rule names. */
  readonly requests: readonly string[];
  readonly sample: AuditRequest;
}

export interface Visibility {
  readonly class: string;
  readonly title: string;
  readonly need: Level;
  /** Share of the requests of which no event is written at all. */
  readonly hidden: Share;
  /** Share of those of which less than `need` is written; the hidden ones among them. */
  readonly thinned: Share;
  readonly least: Level;
  readonly most: Level;
  /** By rule, in their order; without a rule last. */
  readonly parts: readonly Part[];
}

/** What the policy does to each class, or to classes of one's own. */
export function hiddenBy(policy: AuditPolicy, classes: readonly RequestClass[] = REQUEST_CLASSES): Visibility[] {
  return classes.map((one) => {
    const { parts, exact } = partsOf(policy, one.requests);
    const levels = parts.map(({ level }) => level).toSorted((a, b) => LEVELS.indexOf(a) - LEVELS.indexOf(b));
    return {
      class: one.id,
      title: one.title,
      need: one.need,
      hidden: share(parts, exact, ({ level }) => level === 'None'),
      thinned: share(parts, exact, ({ level, outcome }) => !outcome || !isAtLeast(level, one.need)),
      least: levels[0] ?? 'None',
      most: levels.at(-1) ?? 'None',
      parts,
    };
  });
}

/** How the policy treats the requests of a set: one part for each rule and what is seen by it. */
export function partsOf(policy: AuditPolicy, set: RequestSet): { parts: Part[]; exact: boolean } {
  const { reached, exact } = reachOf(policy, set);
  const parts = new Map<string, Part & { requests: string[] }>();
  for (const { rule, sample } of reached) {
    const seen = seenOf(decisionOf(policy, { ...(rule !== undefined && { rule }) }), isLongRunning(sample));
    const key = `${rule ?? 'none'} ${seen.level} ${seen.outcome}`;
    let part = parts.get(key);
    if (part === undefined) {
      const narrowedTo = rule === undefined ? '' : narrowing(policy.rules[rule]);
      parts.set(key, (part = { ...seen, ...(rule !== undefined && { rule }), narrowedTo, requests: [], sample }));
    }
    const words = wordsOf(sample);
    if (part.requests.at(-1) !== words && part.requests.length < MOST_REQUESTS) part.requests.push(words);
  }
  const inOrder = [...parts.values()].toSorted((a, b) => (a.rule ?? Infinity) - (b.rule ?? Infinity));
  return { parts: inOrder.map((part) => ({ ...part, requests: [...new Set(part.requests)] })), exact };
}

/** What follows is more of the same. */
const MOST_REQUESTS = 100;

function share(parts: readonly Part[], exact: boolean, is: (part: Part) => boolean): Share {
  const some = parts.some(is);
  if (!some) return 'never';
  if (parts.every(is)) return 'always';
  return exact ? 'sometimes' : 'maybe';
}

function wordsOf({ isResourceRequest, verb, apiGroup, resource, subresource, path }: AuditRequest): string {
  if (!isResourceRequest) return withStars(`${verb} ${path}`);
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  return withStars(`${verb} ${apiGroup === '' ? whole : `${whole}.${apiGroup}`}`);
}

/** What a rule asks beside verb and resource, in words. */
export function narrowing(rule: AuditRule | undefined): string {
  if (rule === undefined) return '';
  const names = rule.resources.every(({ resourceNames }) => resourceNames.length > 0)
    ? rule.resources.flatMap(({ resourceNames }) => resourceNames)
    : [];
  const parts = [
    words('user', rule.users),
    words('group', rule.userGroups),
    words(
      'namespace',
      rule.namespaces.map((name) => (name === '' ? '(none)' : name)),
    ),
    words('object', names),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const MOST_NAMED = 5;

function words(noun: string, values: readonly string[]): string {
  if (values.length === 0) return '';
  const shown = values.slice(0, MOST_NAMED).join(' or ');
  return `${noun} ${shown}${values.length > MOST_NAMED ? ` or ${values.length - MOST_NAMED} more` : ''}`;
}
