/** What of the record was asked by whom. */
import { type Subject, withImplicitGroups } from '../../engines/rbac/index.ts';
import type { Asked, UseRecord } from '../../record/index.ts';

export class Uses {
  readonly #byActor: readonly { readonly name: string; readonly groups: ReadonlySet<string>; readonly asked: readonly Asked[] }[];

  constructor({ actors, requests }: UseRecord) {
    const asked = actors.map((): Asked[] => []);
    for (const use of requests) if (use.allowed + use.unclear > 0) asked[use.actor]?.push(use.asked);
    this.#byActor = actors.map((actor, index) => {
      const { name, groups } = withImplicitGroups(actor);
      return { name, groups: new Set(groups), asked: asked[index] ?? [] };
    });
  }

  /** In a namespace, or in the whole cluster for ''. */
  of({ kind, name, userName }: Subject, namespace: string): Asked[] {
    const own = this.#byActor.filter((actor) => (kind === 'Group' ? actor.groups.has(name) : actor.name === userName));
    return own.flatMap(({ asked }) => asked.filter((one) => namespace === '' || one.namespace === namespace));
  }
}
