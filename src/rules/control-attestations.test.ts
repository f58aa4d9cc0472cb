import { expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { ControlAttestations } from './control-attestations.ts';
import { findingsOfUnanswered } from './unseen.ts';
import { parseConfig } from './config.ts';
import type { Finding } from './finding.ts';
import { nodeFacts } from './node/node-examples.ts';
import { RULES } from './registry.generated.ts';

const rule = RULES.find(({ id }) => id === 'ns-boundaries');

function manual(): Finding {
  const cluster = clusterOf([JSON.parse(nodeFacts({}))]);
  const [finding] = findingsOfUnanswered(rule === undefined ? [] : [[rule]], cluster);
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

function parsed(lines: string): ControlAttestations {
  const { controlAttestations } = parseConfig(`attestations:\n- {who: jane, why: looked, ${lines}}\n`, 'c.yaml', RULES);
  return new ControlAttestations(controlAttestations, '2026-11-21');
}

it.each(['rule: ns-boundaries', 'control: cis-1.12/5.6.1', 'control: cis-2.0/5.6.1'])(
  '%s takes the place of manual until its day',
  (about) => {
    const finding = manual();
    expect(finding.status).toBe('manual');
    const attestations = parsed(`${about}, date: 2026-11-01, until: 2026-11-21`);
    attestations.apply(finding);
    expect(finding).toMatchObject({ status: 'pass', reason: 'attested by jane on 2026-11-01 until 2026-11-21: looked' });
    expect(attestations.summary()).toEqual({ used: 1, unused: [], expired: [] });
  },
);

it.each([
  ['it has ended', 'date: 2026-10-01, until: 2026-11-20'],
  ['it has not begun', 'date: 2026-11-22, until: 2027-01-01'],
])('nothing is attested where %s', (_why, dates) => {
  const finding = manual();
  const attestations = parsed(`rule: ns-boundaries, ${dates}`);
  attestations.apply(finding);
  expect(finding.status).toBe('manual');
  expect(attestations.summary().expired).toEqual(['attestation-1']);
});

it('is nothing for what fails or is unknown', () => {
  const finding = manual();
  finding.status = 'unknown';
  const attestations = parsed('rule: ns-boundaries, date: 2026-11-01, until: 2027-01-01');
  attestations.apply(finding);
  expect(finding.status).toBe('unknown');
  expect(attestations.summary().unused).toEqual(['attestation-1']);
});

it.each([
  ['control: cis-1.12/9.9.9', /which no rule answers/],
  ['control: cis-1.12/5.6.1, rule: ns-boundaries', /either a rule or a control/],
  ['rule: no-such', /does not exist/],
])('%s is a mistake', (about, message) => {
  expect(() => parsed(`${about}, date: 2026-11-01, until: 2027-01-01`)).toThrow(message);
});
