import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bruteForce } from '../../../test/network/brute-force.ts';
import { clusters, probesOf } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { Ends, ask } from './ask.ts';
import { contains } from './intervals.ts';
import { isProtocol, placeOf } from './ports.ts';
import { Relation } from './relation.ts';
import { readWorld } from './world.ts';

describe('the relation', () => {
  it('is what the specification says, one connection at a time', () => {
    fc.assert(
      fc.property(clusters, (objects) => {
        const world = readWorld(objects);
        expect(world.problems.filter(({ refused }) => refused)).toEqual([]);
        const relation = new Relation(world);
        const ends = new Ends(relation);
        for (const probe of probesOf(objects)) {
          const end = (name: string): readonly number[] => ends.find(name.includes('/') ? name : `ip:${name}`) ?? [];
          const [from, to] = [end(probe.from), end(probe.to)];
          const { protocol, port } = probe;
          if (!isProtocol(protocol)) throw new Error(protocol);
          const wanted = bruteForce(objects, probe);
          const decision = ask(relation, { from, to }, { protocol, port });
          const label = JSON.stringify(probe);
          expect(decision?.allowed ?? false, label).toBe(wanted.allowed);
          if (from.length === 1 && to.length === 1 && decision !== undefined) {
            expect(decision.ingress.allowed, label).toBe(wanted.ingress);
            expect(decision.egress.allowed, label).toBe(wanted.egress);
          }
          const whole = from.some((source) =>
            to.some((target) => contains(relation.ports.set(relation.allowed(source, target)), placeOf(protocol, port))),
          );
          expect(whole, `whole sets: ${label}`).toBe(wanted.allowed);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
