import { expect, test } from 'vitest';
import { CastellanError } from '../lib/errors.ts';
import { evalPodSecurity } from './eval-pod-security.ts';

const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { hostPID: true, containers: [{ name: 'b' }] } };
const CRON_JOB = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  spec: { jobTemplate: { spec: { template: { spec: { hostIPC: true, containers: [] } } } } },
};

test('a pod, with every control that it fails, sorted', () => {
  expect(evalPodSecurity({ object: POD, level: 'baseline', version: '1.30' })).toEqual({
    allowed: false,
    failing: ['hostNamespaces'],
    met: 'privileged',
  });
  expect(evalPodSecurity({ object: POD, level: 'restricted', version: 'latest' }).failing).toEqual([
    'allowPrivilegeEscalation',
    'capabilities_restricted',
    'hostNamespaces',
    'runAsNonRoot',
    'seccompProfile_restricted',
  ]);
});

test('a workload by the template of its pods', () => {
  expect(evalPodSecurity({ object: CRON_JOB, level: 'baseline', version: 'v1.30' }).failing).toEqual(['hostNamespaces']);
});

test.each([
  ['no object', { level: 'baseline', version: '1.30' }, /"object" is not/],
  ['no kind', { object: {}, level: 'baseline', version: '1.30' }, /no kind/],
  ['no pods', { object: { apiVersion: 'v1', kind: 'Service' }, level: 'baseline', version: '1.30' }, /v1 Service/],
  ['a template without pods', { object: { ...CRON_JOB, spec: 7 }, level: 'baseline', version: '1.30' }, /CronJob/],
  ['another level', { object: POD, level: 'strict', version: '1.30' }, /"level"/],
  ['no level', { object: POD, version: '1.30' }, /"level"/],
  ['another version', { object: POD, level: 'baseline', version: '2.0' }, /"version"/],
  ['a number as version', { object: POD, level: 'baseline', version: 1.3 }, /"version"/],
])('%s is a bad case', (_name, input, message) => {
  const error = thrownBy(() => evalPodSecurity(input));
  expect(error).toBeInstanceOf(CastellanError);
  expect(error).toMatchObject({ code: 'CAS_BAD_CASE', message: expect.stringMatching(message) });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
