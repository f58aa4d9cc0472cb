/**
 * Which APIs are in use, as far as objects and requests tell: the version that a manifest is written in, and of objects
 * of a cluster, which the server gives in the version that it prefers, the version in which it was last applied and in
 * which clients wrote it.
 */
import type { ApiObject } from '../../model/index.ts';
import type { ApiRemoval } from './api-removals.ts';

export interface ApiUse {
  /** `batch/v1beta1` */
  readonly api: string;
  /** Kind, or the resource where only that is known. */
  readonly kind: string;
  readonly how: 'manifest' | 'last-applied' | 'client' | 'request';
  /** Who: the name of a field manager, or of a user. */
  readonly who?: string;
  /** What it called itself: `kubectl/v1.30.2`. */
  readonly agent?: string;
  /** RFC 3339, where known. */
  readonly last?: string;
  /** Requests, or objects. */
  readonly count: number;
  readonly objects: readonly ApiObject[];
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** As kubectl writes it: keys in order. */
const APPLIED_AS = /^\{"apiVersion":"([^"\\]{1,200})"/;
const MANAGED_AS = /"apiVersion":"([^"\\]{1,200})"/g;

interface Found {
  use: Omit<ApiUse, 'count' | 'objects' | 'last'>;
  objects: ApiObject[];
  last: string | undefined;
}

/** Uses of the listed APIs in objects. One walk; managed fields are parsed only where they name such an API. */
export function apiUsesIn(objects: Iterable<ApiObject>, removals: readonly ApiRemoval[]): ApiUse[] {
  const listed = new Set(removals.map(({ api }) => api));
  const found = new Map<string, Found>();
  const note = (use: Found['use'], object: ApiObject, last?: string): void => {
    const key = [use.api, use.kind, use.how, use.who].join(' ');
    const known = found.get(key);
    if (known === undefined) found.set(key, { use, objects: [object], last });
    else {
      if (known.objects.at(-1) !== object) known.objects.push(object);
      if (last !== undefined && (known.last === undefined || last > known.last)) known.last = last;
    }
  };
  for (const object of objects) {
    const { apiVersion, kind } = object;
    if (listed.has(apiVersion)) note({ api: apiVersion, kind, how: 'manifest' }, object);
    const [, applied] = APPLIED_AS.exec(object.annotations[LAST_APPLIED] ?? '') ?? [];
    if (applied !== undefined && applied !== apiVersion && listed.has(applied)) note({ api: applied, kind, how: 'last-applied' }, object);
    if (object.managedFields === undefined) continue;
    for (const { api, who, last } of writersIn(object.managedFields, listed)) note({ api, kind, how: 'client', who }, object, last);
  }
  return [...found.values()].map(({ use, objects: all, last }) => ({
    ...use,
    count: all.length,
    objects: all,
    ...(last !== undefined && { last }),
  }));
}

function writersIn(text: string, listed: ReadonlySet<string>): { api: string; who: string; last: string | undefined }[] {
  if (![...text.matchAll(MANAGED_AS)].some(([, api = '']) => listed.has(api))) return [];
  const entries = parsed(text);
  if (!Array.isArray(entries)) return [];
  return (entries as Record<string, unknown>[]).flatMap(({ apiVersion, manager, time }) =>
    typeof apiVersion === 'string' && listed.has(apiVersion) && typeof manager === 'string'
      ? [{ api: apiVersion, who: manager, last: typeof time === 'string' ? time : undefined }]
      : [],
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether a use is of what goes: by its kind, or by the resource of a request. */
export function isUseOf({ api, kind }: Pick<ApiUse, 'api' | 'kind'>, removal: ApiRemoval): boolean {
  if (api !== removal.api) return false;
  if (removal.kinds.length === 0) return true;
  return removal.kinds.some((each) => each === kind || `${each}List` === kind || resourceOf(each) === kind);
}

/** As Kubernetes forms the names of resources. */
function resourceOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name.endsWith('points')) return name;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|x|ch)$/.test(name) ? `${name}es` : `${name}s`;
}
