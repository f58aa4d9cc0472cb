/**
 * Starts of pods that the audit log tells of: the scheduler binds each pod by its name, and the name says what made it
 * (`makerOf` keeps that and leaves out what differs from pod to pod). So a start is known of pods that are gone, and where the input is files, which hold no pods.
 */
import type { UseRecord } from '../../record/index.ts';
import { usesIn } from './uses.ts';

/** What controllers add to their names, without the end that the record leaves out: pkg/controller, names of revisions. */
const ADDED: Readonly<Record<string, string>> = {
  // The hash of a template as Kubernetes writes it. Shorter ones are rarer than numbers of a StatefulSet.
  Deployment: '-[bcdfghjklmnpqrstvwxz2456789]{6,10}',
  CronJob: '',
  StatefulSet: String.raw`-\d+`,
  DaemonSet: '',
  ReplicaSet: '',
  ReplicationController: '',
  Job: '',
  Pod: '',
};

/** When a pod of that name was bound, which is more than once for names that come again. */
interface Bound {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

export class RecordedStarts {
  /** By namespace. */
  readonly #bound = new Map<string, Bound[]>();

  constructor(record: UseRecord) {
    for (const { asked, allowed, first, last } of usesIn(record).for('', 'pods/binding')) {
      const { verb, namespace, name, through } = asked;
      const isBinding = verb === 'create' && through === 'request';
      if (!isBinding || allowed === 0 || name === undefined || name === '') continue;
      const list = this.#bound.get(namespace);
      const entry = { name, first, last };
      if (list === undefined) this.#bound.set(namespace, [entry]);
      else list.push(entry);
    }
  }

  /** `Deployment/shop/cart`. In seconds since 1970. */
  of(ref: string): number[] {
    const [kind = '', namespace = '', name = ''] = ref.split('/');
    const added = ADDED[kind];
    if (added === undefined) return [];
    const pattern = new RegExp(`^${name.replaceAll(/[.\\]/g, String.raw`\$&`)}${added}$`);
    return this.#where(namespace, (pod) => pattern.test(pod));
  }

  /** Of what names its pods in a way of its own, but after itself. */
  under(ref: string): number[] {
    const [, namespace = '', name = ''] = ref.split('/');
    return this.#where(namespace, (pod) => pod === name || pod.startsWith(`${name}-`));
  }

  #where(namespace: string, is: (pod: string) => boolean): number[] {
    return (this.#bound.get(namespace) ?? []).flatMap(({ name, first, last }) => (is(name) ? [first, last] : []));
  }
}
