/** Which workload objects stand for a pod, as pods come and go: those of which nothing is made. */
import { LayeredMap } from '../../lib/layered-map.ts';
import { Owners, type Pod, type Template, byUid } from './pods.ts';

/** What went, and what came; of what was replaced one each. */
export interface Swap<T> {
  readonly left: readonly T[];
  readonly entered: readonly T[];
}

export class Standing {
  readonly #templates: LayeredMap<string, Template>;
  readonly #owners: Owners;
  /** How many pods are made of each, by uid. */
  readonly #made: LayeredMap<string, number>;

  constructor(templates = new LayeredMap<string, Template>(), made = new LayeredMap<string, number>()) {
    this.#templates = templates;
    this.#owners = new Owners(templates);
    this.#made = made;
  }

  static of(pods: Iterable<Pod>, templates: readonly Template[]): Standing {
    return new Standing(new LayeredMap(byUid(templates))).withPods({ left: [], entered: [...pods] }).standing;
  }

  isFor(template: Template): boolean {
    return (this.#made.get(template.uid) ?? 0) === 0 && this.#owners.standsAlone(template);
  }

  /** The same after pods went and came, and of whose pods there is now another number. */
  withPods({ left, entered }: Swap<Pod>): { standing: Standing; templates: ReadonlySet<Template> } {
    const touched = new Set<Template>();
    const counts = new Map<string, number>();
    const count = (pod: Pod, by: number): void => {
      for (const template of this.#owners.representedBy(pod)) {
        touched.add(template);
        counts.set(template.uid, (counts.get(template.uid) ?? this.#made.get(template.uid) ?? 0) + by);
      }
    };
    for (const pod of left) count(pod, -1);
    for (const pod of entered) count(pod, 1);
    return { standing: new Standing(this.#templates, this.#made.with(counts)), templates: touched };
  }

  /** Undefined where it takes a look at all pods: somebody comes or goes, or has another owner. */
  withTemplates({ left, entered }: Swap<Template>): Standing | undefined {
    const before = byUid(left);
    const same =
      left.length === entered.length &&
      entered.every(({ uid, owner, finished }) => before.get(uid)?.owner === owner && before.get(uid)?.finished === finished);
    return same ? new Standing(this.#templates.with(byUid(entered)), this.#made) : undefined;
  }
}
