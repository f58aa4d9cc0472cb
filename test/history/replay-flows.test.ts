/** Connections in random clusters: the replay against a brute force over each, which shares no line with it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readWorld } from '../../src/engines/network/index.ts';
import { replayFlows } from '../../src/changes/flows/replay.ts';
import { Ledger, type UseRecord } from '../../src/record/index.ts';
import { type Probe, bruteForce } from '../network/brute-force.ts';
import { clusters, probesOf } from '../network/clusters.ts';
import { DEEP, RUNS } from '../runs.ts';
import { oneOf } from './one-of.ts';

/** Each writes a history and reads it twice. */
const HISTORIES = DEEP ? RUNS : Math.ceil(RUNS / 4);
const TIMEOUT = 60_000 + HISTORIES * 200;

type Raw = Record<string, unknown>;

/** Without one policy, or with one that closes a namespace. */
function changed(objects: readonly Raw[], dice: fc.GeneratorValue): Raw[] {
  const policies = objects.filter(({ kind }) => String(kind).endsWith('Policy'));
  const gone = dice(fc.boolean) ? oneOf(dice, policies) : undefined;
  const closed = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'closed', namespace: dice(fc.constantFrom, 'n1', 'n2', 'n3') },
    spec: { podSelector: {}, policyTypes: dice(fc.constantFrom, ['Ingress'], ['Egress'], ['Ingress', 'Egress']) },
  };
  return gone === undefined ? [...objects, closed] : objects.filter((object) => object !== gone);
}

const endOf = (name: string): string => (name.includes('/') ? `pod:${name}` : `ip:${name}`);
const textOf = ({ from, to, protocol, port }: Probe): string => `${endOf(from)} to ${endOf(to)} ${port}/${protocol}`;

function recordOf(probes: readonly Probe[], isAllowed: (probe: Probe) => boolean): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('flows', 'flows');
  stream.event(0);
  for (const probe of probes) {
    const flow = { source: endOf(probe.from), destination: endOf(probe.to), protocol: probe.protocol as 'TCP', port: probe.port };
    ledger.flow(flow, { stream: stream.id, time: 0, outcome: isAllowed(probe) ? 'allowed' : 'denied' });
  }
  return ledger.record();
}

test(
  'a change denies the connections that a brute force says it denies, and is never safe then',
  () => {
    const verdicts = { breaks: 0, other: 0 };
    fc.assert(
      fc.property(clusters, fc.gen(), (objects, dice) => {
        const after = changed(objects, dice);
        const all = probesOf(objects);
        const probes = Array.from({ length: 30 }, () => oneOf(dice, all) ?? [])
          .flat()
          .filter(({ from, to }) => from !== to);
        const distinct = [...new Map(probes.map((probe) => [textOf(probe), probe])).values()];
        const isAllowed = (probe: Probe): boolean => bruteForce(objects, probe).allowed;
        const denied = distinct.filter((probe) => isAllowed(probe) && !bruteForce(after, probe).allowed);
        const proof = replayFlows(readWorld(objects), readWorld(after), { record: recordOf(distinct, isAllowed), starts: new Map() });
        expect(proof.denies.map(({ who, what }) => `${who} ${what}`).toSorted()).toEqual(
          denied
            .map(
              ({ from, to, protocol, port }) =>
                `${from.includes('/') ? from : `ip:${from}`} ${to.includes('/') ? to : `ip:${to}`} ${port}/${protocol}`,
            )
            .toSorted(),
        );
        expect(proof.verdict === 'breaks').toBe(denied.length > 0);
        verdicts[denied.length > 0 ? 'breaks' : 'other'] += 1;
      }),
      { numRuns: HISTORIES },
    );
    // Both happen, or the property would say nothing.
    expect(verdicts.breaks).toBeGreaterThan(HISTORIES / 20);
    expect(verdicts.other).toBeGreaterThan(HISTORIES / 20);
  },
  TIMEOUT,
);
