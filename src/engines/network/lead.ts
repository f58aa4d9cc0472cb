/** One way from an entrance to a Service, with the fields that make it. */
import type { Protocol } from './ports.ts';
import { type Raw, recordAt, textAt } from './read.ts';
import type { World } from './world.ts';

/** A field that lets traffic in, or on. */
export interface Evidence {
  /** `Ingress/shop/web` */
  readonly ref: string;
  /** Of the field, inside the object. */
  readonly path: string;
  /** Where the object stands among those that were read. */
  readonly object: number;
}

export interface Lead {
  readonly by: 'ingress' | 'route' | 'gateway';
  /** From the outside in. */
  readonly via: readonly Evidence[];
  /** Names that it is reached by; empty where any will do. */
  readonly hosts: readonly string[];
  /** That is knocked at from outside, where it is written. */
  readonly outerPort: number | undefined;
  readonly protocol: Protocol;
  readonly namespace: string;
  readonly service: string;
  /** Of the Service, by number or name; undefined is all of them. */
  readonly port: number | string | undefined;
  /** A Route names ports as the pods have them. */
  readonly ofPods: boolean;
  /** Of a route of Gateway API the Gateway, `ns/name`. */
  readonly gateway?: string;
  /** Without it nothing is sent on, and it is not in the input. */
  readonly missing?: string;
}

export function namespaceOf(object: Raw): string {
  return textAt(recordAt(object, 'metadata'), 'namespace') || 'default';
}

export function evidenceOf(object: Raw, path: string, { places }: Pick<World, 'places'>): Evidence {
  const name = textAt(recordAt(object, 'metadata'), 'name');
  return { ref: `${textAt(object, 'kind')}/${namespaceOf(object)}/${name}`, path, object: places.get(object) ?? -1 };
}
