/** The requests of a record by what is asked of them: each record is looked through once, however many changes are proved with it. */
import { accountOf, accountUserName } from '../../engines/rbac/index.ts';
import { listIn, mapIn } from '../../lib/groups.ts';
import type { Asked, RequestUse, UseRecord } from '../../record/index.ts';

const KNOWN = new WeakMap<Pick<UseRecord, 'actors' | 'requests'>, Uses>();

export function usesIn(record: Pick<UseRecord, 'actors' | 'requests'>): Uses {
  let uses = KNOWN.get(record);
  if (uses === undefined) KNOWN.set(record, (uses = new Uses(record)));
  return uses;
}

export class Uses {
  /** What went through or may have. */
  readonly count: number;
  /** Requests that were never anything but refused. */
  readonly refused: readonly RequestUse[];
  /** What somebody asked the server about. */
  readonly reviewed: readonly RequestUse[];
  readonly #record: Pick<UseRecord, 'actors' | 'requests'>;
  readonly #ofActors = new Map<number, RequestUse[]>();
  /** By group, then by resource or path. */
  readonly #groups = new Map<string, Map<string, RequestUse[]>>();
  #active: ReadonlySet<string> | undefined;

  constructor(record: Pick<UseRecord, 'actors' | 'requests'>) {
    this.#record = record;
    const [refused, reviewed]: [RequestUse[], RequestUse[]] = [[], []];
    let count = 0;
    for (const use of record.requests) {
      const { actor, asked, allowed, denied, unclear } = use;
      listIn(this.#ofActors, actor).push(use);
      listIn(mapIn(this.#groups, asked.apiGroup), whatOf(asked)).push(use);
      count += allowed + unclear;
      if (denied > 0 && allowed + unclear === 0) refused.push(use);
      if (asked.through === 'review') reviewed.push(use);
    }
    this.count = count;
    this.refused = refused;
    this.reviewed = reviewed;
  }

  /** `actor` is the index of one. */
  of(actor: number): readonly RequestUse[] {
    return this.#ofActors.get(actor) ?? [];
  }

  get groups(): readonly string[] {
    return [...this.#groups.keys()];
  }

  inGroup(apiGroup: string): readonly RequestUse[] {
    return [...(this.#groups.get(apiGroup)?.values() ?? [])].flat();
  }

  /** `what` is a resource as rules write it, `pods/exec`, or a path, which is of the group ''. */
  for(apiGroup: string, what: string): readonly RequestUse[] {
    return this.#groups.get(apiGroup)?.get(what) ?? [];
  }

  /** Whatever its group is. */
  named(what: string): readonly RequestUse[] {
    return this.groups.flatMap((group) => this.for(group, what));
  }

  /**
   * Names of those who asked for anything. That somebody else is asked about him is no sign of him, nor is what a person
   * asked in the name of an account, to try out its rights. What acts for others as its work is an account itself.
   */
  get active(): ReadonlySet<string> {
    return (this.#active ??= activeIn(this.#record));
  }
}

function whatOf(asked: Asked): string {
  return asked.resource === '' ? asked.path : resourceOf(asked);
}

/** With its subresource, as rules write it. */
export function resourceOf({ resource, subresource }: Pick<Asked, 'resource' | 'subresource'>): string {
  return subresource === '' ? resource : `${resource}/${subresource}`;
}

function activeIn({ actors, requests }: Pick<UseRecord, 'actors' | 'requests'>): Set<string> {
  const asked = new Map<string, number>();
  const borrowed = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string, count: number): void => void counts.set(name, (counts.get(name) ?? 0) + count);
  for (const { actor, asked: what, allowed, denied, unclear } of requests) {
    const count = allowed + denied + unclear;
    if (what.through === 'request') add(asked, actors[actor]?.name ?? '', count);
    else if (what.through === 'impersonation' && what.resource === 'serviceaccounts' && accountOf(actors[actor]?.name ?? '') === undefined)
      add(borrowed, accountUserName({ namespace: what.namespace, name: what.name ?? '' }), count);
  }
  return new Set([...asked].flatMap(([name, count]) => (count > (borrowed.get(name) ?? 0) ? [name] : [])));
}

/** How often it went through or may have. */
export function timesOf(uses: readonly RequestUse[]): number {
  return uses.reduce((sum, { allowed, unclear }) => sum + allowed + unclear, 0);
}
