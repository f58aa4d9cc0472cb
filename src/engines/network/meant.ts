/** What is meant of an end of a connection, besides which pods it is: by which packets, and on which ports. */
import type { Families } from './entities.ts';
import { type Intervals, contains, intersection, union } from './intervals.ts';
import { ALL_PORTS } from './ports.ts';

export interface Meant {
  /** Of what is behind a Service, the only ports that are asked for when this is the destination. */
  readonly ports?: Intervals<number>;
  /** Where not all: who names an address, or a Service with addresses of one family, means packets of that. */
  readonly families?: Families;
  /** Behind the address of a Service, where only those get who are inside of the cluster. */
  readonly translated?: readonly Translated[];
}

/** Places of ports: that which is asked for at the Service, and that on the pods. */
export interface Translated {
  readonly asked: number;
  readonly place: number;
}

/** The ports of the pods, of those that are asked for. */
export function askedOn({ ports = ALL_PORTS, translated }: Meant, only: Intervals<number>): Intervals<number> {
  if (translated === undefined) return intersection(ports, only);
  return translated.reduce<Intervals<number>>(
    (all, { asked, place }) => (contains(only, asked) ? union(all, [place, place + 1]) : all),
    [],
  );
}
