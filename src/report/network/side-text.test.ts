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

it('tells who is not asked any more, and of which family it is', () => {
  const shadowed = ['a', 'b', 'c', 'd'].map((name) => ({ rule: `NetworkPolicy/x/${name}`, verdict: 'deny' }) as const);
  const ingress = { verdict: 'allow', by: ['AdminNetworkPolicy/p ingress rule 1'], default: false, shadowed } as const;
  expect(partText({ conns: 'all', verdict: 'allow', egress: NOBODY, ingress, family: 'IPv6' }).split('\n')).toEqual([
    'all: allowed over IPv6',
    '  egress   allowed, as no policy has a say',
    '  ingress  allowed by AdminNetworkPolicy/p ingress rule 1',
    '           not asked any more:',
    '             NetworkPolicy/x/a (deny)',
    '             NetworkPolicy/x/b (deny)',
    '             NetworkPolicy/x/c (deny)',
    '             and 1 more (-f json)',
    '',
  ]);
});
