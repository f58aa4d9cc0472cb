import { expect, it } from 'vitest';
import { partText, sideText } from './side-text.ts';

const NOBODY = { verdict: 'allow', by: [], default: true } as const;
const PASSED = { verdict: 'allow', by: ['AdminNetworkPolicy/p ingress rule 1'], default: true } as const;

it('tells a rule that passes on from one that allows', () => {
  expect([NOBODY, PASSED, { ...PASSED, default: false }].map(sideText)).toEqual([
    'allow: no policy',
    'allow: no policy, passed on by AdminNetworkPolicy/p ingress rule 1',
    'allow: AdminNetworkPolicy/p ingress rule 1',
  ]);
  expect(partText({ conns: 'all', verdict: 'allow', egress: NOBODY, ingress: PASSED }).split('\n')).toEqual([
    'all: allowed',
    '  egress   allowed, as no policy has a say',
    '  ingress  allowed, as no policy has a say: AdminNetworkPolicy/p ingress rule 1 passes it on',
    '',
  ]);
});
