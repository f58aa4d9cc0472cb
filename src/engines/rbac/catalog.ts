/** Resources by the names that people and rules use: those of Kubernetes, and those that the input's own definitions add. */
import type { Cluster } from '../../model/index.ts';
import { RESOURCES, type ResourceFacts, VIRTUAL } from './resources.ts';

export interface KnownResource {
  readonly group: string;
  /** Plural, as rules and requests have it. */
  readonly resource: string;
  /** Where grants in a namespace count; of a virtual resource, whether its check has a namespace. */
  readonly namespaced: boolean;
  /** Undefined where nobody knows them. */
  readonly verbs: ReadonlySet<string> | undefined;
  readonly subresources: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly names: readonly string[];
}

export class Catalog {
  readonly #byGroup = new Map<string, Map<string, KnownResource>>();
  readonly #byName = new Map<string, KnownResource[]>();

  constructor(resources: Iterable<KnownResource>) {
    for (const each of resources) {
      let group = this.#byGroup.get(each.group);
      if (group === undefined) this.#byGroup.set(each.group, (group = new Map()));
      group.set(each.resource, each);
      for (const name of new Set([each.resource, ...each.names])) {
        const list = this.#byName.get(name);
        if (list === undefined) this.#byName.set(name, [each]);
        else list.push(each);
      }
    }
  }

  get(group: string, resource: string): KnownResource | undefined {
    return this.#byGroup.get(group)?.get(resource);
  }

  group(group: string): ReadonlyMap<string, KnownResource> | undefined {
    return this.#byGroup.get(group);
  }

  /** The groups that serve a resource of this name. */
  groupsOf(resource: string): string[] {
    return (this.#byName.get(resource) ?? []).filter((each) => each.resource === resource).map(({ group }) => group);
  }

  /**
   * A resource as people write it: plural, singular or kind in any case, an abbreviation, with its group after a dot.
   * Where several groups have it, the one of Kubernetes that kubectl takes.
   */
  find(text: string): KnownResource | undefined {
    const name = text.toLowerCase();
    const whole = this.#byName.get(name)?.[0];
    if (whole !== undefined) return whole;
    const dot = name.indexOf('.');
    if (dot < 0) return undefined;
    const group = name.slice(dot + 1);
    return this.#byName.get(name.slice(0, dot))?.find((each) => each.group === group);
  }
}

/** Kubernetes' own, with what the custom resource definitions of the input say. */
export function catalogOf({ tables }: { tables: Pick<Cluster['tables'], 'CustomResourceDefinition'> }): Catalog {
  const known = CATALOGS.get(tables.CustomResourceDefinition);
  if (known !== undefined) return known;
  const custom = tables.CustomResourceDefinition.all.flatMap(({ body }): KnownResource[] => {
    const { group = '', scope, names = {} } = body.spec ?? {};
    const { plural, singular = '', kind = '' } = names;
    if (plural === undefined) return [];
    return [
      {
        group,
        resource: plural,
        namespaced: scope !== 'Cluster',
        verbs: EVERY_VERB,
        // Which of the two it has stands in fields that are not read.
        subresources: new Map([
          ['status', STATUS_VERBS],
          ['scale', STATUS_VERBS],
        ]),
        names: [singular, kind.toLowerCase()].filter((name) => name !== ''),
      },
    ];
  });
  const catalog = new Catalog([...KUBERNETES, ...custom]);
  CATALOGS.set(tables.CustomResourceDefinition, catalog);
  return catalog;
}
const CATALOGS = new WeakMap<object, Catalog>();

const EVERY_VERB = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection']);
const STATUS_VERBS = new Set(['get', 'update', 'patch']);

/** The core group first, then those whose resources kubectl prefers over namesakes. */
const FIRST = ['', 'apps', 'batch', 'networking.k8s.io'];

const KUBERNETES: readonly KnownResource[] = kubernetes();

/** Kubernetes' own alone: where not all definitions are known, no other group can be said to lack a resource. */
export const OWN_CATALOG = new Catalog(KUBERNETES);

function kubernetes(): KnownResource[] {
  const groups = Object.keys(RESOURCES).toSorted((a, b) => rankOf(a) - rankOf(b));
  const served = groups.flatMap((group) =>
    Object.entries(RESOURCES[group] ?? {}).map(([resource, facts]) => known(group, resource, facts)),
  );
  const byKey = new Map(served.map((each) => [`${each.group}/${each.resource}`, each]));
  for (const { group, resource, verbs, namespaced } of VIRTUAL) {
    const there = byKey.get(`${group}/${resource}`);
    byKey.set(`${group}/${resource}`, {
      ...(there ?? { group, resource, subresources: undefined, names: [] }),
      // A cluster role is bound in namespaces, though it lies in none itself: the check of `bind` has the binding's.
      namespaced: there?.namespaced ?? namespaced,
      verbs: new Set([...(there?.verbs ?? []), ...verbs]),
    });
  }
  return [...byKey.values()];
}

function rankOf(group: string): number {
  const at = FIRST.indexOf(group);
  return at < 0 ? FIRST.length : at;
}

function known(group: string, resource: string, { kind, namespaced, verbs, short = [], subresources = {} }: ResourceFacts): KnownResource {
  return {
    group,
    resource,
    namespaced,
    verbs: new Set(verbs),
    subresources: new Map(Object.entries(subresources).map(([name, own]) => [name, new Set(own)])),
    names: [kind.toLowerCase(), ...short],
  };
}
