/** Which workload objects stand for a pod, as pods come and go: those of which nothing is made. */
import { LayeredMap } from '../../lib/layered-map.ts';
import { Owners, type Pod, type Template } from './pods.ts';

export class Standing {
  readonly #owners: Owners;
  /** How many pods are made of each. */
  readonly #made: LayeredMap<Template, number>;

  private constructor(owners: Owners, made: LayeredMap<Template, number>) {
    this.#owners = owners;
    this.#made = made;
  }

  static of(pods: Iterable<Pod>, templates: Iterable<Template>): Standing {
    return new Standing(new Owners(templates), new LayeredMap()).with([], pods).standing;
  }

  isFor(template: Template): boolean {
    return (this.#made.get(template) ?? 0) === 0 && this.#owners.standsAlone(template);
  }

  /** The same after pods went and came, and of whose pods there is now another number. */
  with(gone: Iterable<Pod>, come: Iterable<Pod>): { standing: Standing; templates: ReadonlySet<Template> } {
    const changes = new Map<Template, number>();
    const count = (pods: Iterable<Pod>, by: number): void => {
      for (const pod of pods)
        for (const template of this.#owners.makersOf(pod))
          changes.set(template, (changes.get(template) ?? this.#made.get(template) ?? 0) + by);
    };
    count(gone, -1);
    count(come, 1);
    return { standing: new Standing(this.#owners, this.#made.with(changes)), templates: new Set(changes.keys()) };
  }
}
