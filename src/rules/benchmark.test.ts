import { expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { findingsOfUnanswered } from './unseen.ts';
import { nodeFacts } from './node/node-examples.ts';
import { RULES } from './registry.generated.ts';

it.each([
  ['not-applicable', [{ pid: 1, name: 'kubelet', argv: ['kubelet'] }]],
  ['unknown', [{ pid: 1, name: 'kubelet', argv: ['kubelet'], inPod: true }]],
  ['unknown', []],
])('kube-proxy that was not seen is %s beside %j', (status, processes) => {
  const facts = { ...(JSON.parse(nodeFacts({})) as object), running: true, distribution: 'kubernetes', processes };
  const rules = RULES.filter(({ component, byPerson }) => component === 'kube-proxy' && byPerson !== true).slice(0, 1);
  expect(rules).toHaveLength(1);
  expect(findingsOfUnanswered([rules], clusterOf([facts])).map((finding) => finding.status)).toEqual([status]);
});
