/** Rights for people: rules cut into one entry a resource, verbs gathered, equal rows put together. */
import { ALL, type RuleContent } from './rule.ts';

/** Resources that allow the same verbs; either resources or URLs are there. */
export interface Right {
  /** `pods`, `deployments.apps`, `*` or, of every group, `*.*`. */
  readonly resources: readonly string[];
  readonly urls: readonly string[];
  /** Only objects of these names; empty for all. */
  readonly names: readonly string[];
  readonly verbs: readonly string[];
}

/** The rows of some rules; `tag` keeps apart what must not be put together, such as where it comes from. */
export class RightsTable<T> {
  readonly #cells = new Map<
    string,
    { resource: string; isUrl: boolean; names: readonly string[]; verbs: Set<string>; tags: Map<string, T> }
  >();

  add(rule: RuleContent, key: string, tag: T): void {
    for (const group of rule.apiGroups)
      for (const resource of rule.resources) this.#cell(rule, resourceText(group, resource), { key, tag });
    for (const url of rule.nonResourceURLs) this.#cell({ ...rule, resourceNames: [] }, url, { key, tag, isUrl: true });
  }

  #cell(rule: RuleContent, resource: string, { key, tag, isUrl = false }: { key: string; tag: T; isUrl?: boolean }): void {
    const names = rule.resourceNames.toSorted();
    const id = JSON.stringify([resource, isUrl, names]);
    let cell = this.#cells.get(id);
    if (cell === undefined) this.#cells.set(id, (cell = { resource, isUrl, names, verbs: new Set(), tags: new Map() }));
    for (const verb of rule.verbs) cell.verbs.add(verb);
    cell.tags.set(key, tag);
  }

  /** In the order in which they were added; everything first. */
  rows(): { right: Right; tags: T[] }[] {
    const rows = new Map<string, { resources: string[]; urls: string[]; names: readonly string[]; verbs: string[]; tags: T[] }>();
    for (const { resource, isUrl, names, verbs, tags } of this.#cells.values()) {
      const ordered = verbsInOrder(verbs);
      const id = JSON.stringify([isUrl, names, ordered, [...tags.keys()]]);
      const row = rows.get(id);
      if (row !== undefined) (isUrl ? row.urls : row.resources).push(resource);
      else
        rows.set(id, {
          resources: isUrl ? [] : [resource],
          urls: isUrl ? [resource] : [],
          names,
          verbs: ordered,
          tags: [...tags.values()],
        });
    }
    return [...rows.values()].map(({ tags, ...right }) => ({ right, tags })).toSorted((a, b) => breadth(b.right) - breadth(a.right));
  }
}

/** As kubectl writes it: `deployments.apps`, and `*.*` for everything of every group. */
export function resourceText(group: string, resource: string): string {
  if (group === '') return resource;
  const [main = '', ...below] = resource.split('/');
  return [`${main}.${group}`, ...below].join('/');
}

const ORDER = ['*', 'get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];

/** Those that everybody knows first; nothing beside `*`, which holds all. */
export function verbsInOrder(verbs: Iterable<string>): string[] {
  const all = [...new Set(verbs)];
  if (all.includes(ALL)) return [ALL];
  return [...ORDER.filter((verb) => all.includes(verb)), ...all.filter((verb) => !ORDER.includes(verb)).toSorted()];
}

function breadth({ resources, verbs, names }: Right): number {
  return (
    (resources.some((resource) => resource === '*.*' || resource === '*') ? 4 : 0) +
    (verbs[0] === ALL ? 2 : 0) +
    (names.length === 0 ? 1 : 0)
  );
}
