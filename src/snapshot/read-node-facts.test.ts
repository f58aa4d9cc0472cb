import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { CastellanError } from '../lib/errors.ts';
import type { NodeFacts } from './node-facts.ts';
import { parseNodeFacts } from './read-node-facts.ts';

const FACTS: NodeFacts = {
  schema: 'castellan/node-facts/v1',
  node: 'node1',
  collectedAt: '2026-11-21T10:00:00Z',
  collectedBy: '0.1.0',
  running: true,
  distribution: 'kubernetes',
  os: { id: 'debian', version: '13', name: 'Debian GNU/Linux 13' },
  kernel: '6.18.4',
  versions: { kubelet: '1.34.1' },
  processes: [{ pid: 7, name: 'kubelet', argv: ['kubelet', '--v=2'], uid: 0, exe: '/usr/bin/kubelet', start: 12 }],
  units: [
    {
      name: 'kubelet.service',
      path: '/etc/systemd/system/kubelet.service',
      lines: [{ line: 4, text: 'ExecStart=/usr/bin/kubelet' }],
      dropIns: [],
    },
  ],
  files: [{ path: '/etc/kubernetes', type: 'directory', mode: '755', uid: 0, gid: 0, owner: 'root', group: 'root', size: 1, namedBy: 'x' }],
  absent: ['/etc/kubernetes/admin.conf'],
  certificates: [],
  sockets: [{ protocol: 'tcp', address: '0.0.0.0', port: 10250, pid: 7, process: 'kubelet' }],
  sysctls: { 'kernel.panic': '10' },
  gaps: [],
};

function errorOf(text: string): unknown {
  try {
    parseNodeFacts(text, 'f.json');
    return undefined;
  } catch (error) {
    return error;
  }
}

it('reads what was written', () => {
  expect(parseNodeFacts(JSON.stringify(FACTS), 'f.json')).toEqual(FACTS);
});

it('names the field that is wrong', () => {
  const wrong = { ...FACTS, files: [{ ...FACTS.files[0], mode: 'rw-r--r--' }] };
  expect(errorOf(JSON.stringify(wrong))).toMatchObject({ code: 'CAS_NOT_NODE_FACTS', message: expect.stringMatching(/files\[0\]\.mode/) });
});

it('tells a newer format from none', () => {
  expect(errorOf(JSON.stringify({ ...FACTS, schema: 'castellan/node-facts/v2' }))).toMatchObject({ code: 'CAS_NODE_FACTS_NEWER' });
  expect(errorOf('{"kind":"List"}')).toMatchObject({ code: 'CAS_NOT_NODE_FACTS' });
  expect(errorOf('no json')).toMatchObject({ code: 'CAS_NOT_NODE_FACTS' });
});

it('refuses any damage with a code', () => {
  const keys = Object.keys(FACTS) as (keyof NodeFacts)[];
  fc.assert(
    fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
      const error = errorOf(JSON.stringify({ ...FACTS, [key]: value }));
      if (error !== undefined) expect(error).toBeInstanceOf(CastellanError);
    }),
    { numRuns: RUNS },
  );
});
