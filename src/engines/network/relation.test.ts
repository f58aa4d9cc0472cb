import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bruteForce } from '../../../test/network/brute-force.ts';
import { clustersWithEnded, probesOf } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { Ends, ask } from './ask.ts';
import { type Intervals, contains, intersection, union } from './intervals.ts';
import { Matrix } from './matrix.ts';
import { ALL_PORTS, isProtocol, placeOf } from './ports.ts';
import { Relation } from './relation.ts';
import { partsOf } from './why.ts';
import { readWorld } from './world.ts';

/** Parts are disjoint, together they are everything, and they say what the rows say. */
function checkParts(relation: Relation, source: number, destination: number): void {
  const parts = partsOf(relation, source, destination);
  let told: Intervals<number> = [];
  let allowed: Intervals<number> = [];
  for (const { ports, verdict } of parts) {
    expect(intersection(told, ports)).toEqual([]);
    told = union(told, ports);
    if (verdict === 'allow') allowed = union(allowed, ports);
  }
  expect(told).toEqual(ALL_PORTS);
  if ((relation.entities.familiesOf(source) & relation.entities.familiesOf(destination)) === 0) return;
  expect(allowed).toEqual(relation.ports.set(relation.allowed(source, destination)));
}

/** The deep run takes minutes. */
const PATIENCE = { timeout: 60_000 + RUNS * 60 };

describe('the relation', PATIENCE, () => {
  it('is what the specification says, one connection at a time', () => {
    fc.assert(
      fc.property(clustersWithEnded, (objects) => {
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

  it('is the same in rows, in the matrix, and in reasons', () => {
    fc.assert(
      fc.property(clustersWithEnded, (objects) => {
        const relation = new Relation(readWorld(objects));
        const matrix = new Matrix(relation);
        const inside = relation.entities.classes.length;
        for (let source = 0; source < relation.entities.count; source += 1) {
          const row = matrix.from(source);
          for (let target = 0; target < (source < inside ? row.length : inside); target += 1) {
            expect(row[target]).toBe(relation.allowed(source, target));
            checkParts(relation, source, target);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });
});
