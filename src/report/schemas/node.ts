/** The schemas of what is collected on nodes, and of the list of benchmarks. */
import { FILE_TYPES } from '../../snapshot/index.ts';
import { DIALECT, count, gap, object, text, texts } from './parts.ts';

const lines = { type: 'array', items: object({ line: count, text }) } as const;
const byName = { type: 'object', additionalProperties: text } as const;
const flag = { type: 'boolean' } as const;

const process = object({ pid: count, name: text, argv: texts, uid: count, inPod: flag, exe: text, start: count, environment: byName }, [
  'uid',
  'inPod',
  'exe',
  'start',
  'environment',
]);

const file = object(
  {
    path: text,
    pid: count,
    target: text,
    type: { enum: FILE_TYPES },
    mode: { type: 'string', pattern: '^[0-7]{1,4}$' },
    uid: count,
    gid: count,
    owner: text,
    group: text,
    size: count,
    namedBy: text,
    holdsKey: { const: true },
    text,
  },
  ['pid', 'target', 'owner', 'group', 'holdsKey', 'text'],
);

const certificate = object(
  {
    path: text,
    part: text,
    subject: text,
    issuer: text,
    names: texts,
    notBefore: text,
    notAfter: text,
    uses: texts,
    ca: flag,
    key: text,
    signature: text,
    fingerprint: text,
  },
  ['part', 'signature'],
);

const nodeFacts = {
  $schema: DIALECT,
  $id: 'castellan/node-facts/v1',
  title: 'What castellan node collect writes',
  ...object({
    schema: { const: 'castellan/node-facts/v1' },
    node: text,
    collectedAt: text,
    collectedBy: text,
    running: flag,
    distribution: text,
    os: object({ id: text, version: text, name: text }),
    kernel: text,
    versions: byName,
    processes: { type: 'array', items: process },
    units: {
      type: 'array',
      items: object({ name: text, path: text, lines, dropIns: { type: 'array', items: object({ path: text, lines }) } }),
    },
    files: { type: 'array', items: file },
    absent: texts,
    certificates: { type: 'array', items: certificate },
    sockets: {
      type: 'array',
      items: object({ protocol: { enum: ['tcp', 'udp'] }, address: text, port: count, pid: count, process: text }, ['pid', 'process']),
    },
    sysctls: byName,
    gaps: { type: 'array', items: gap },
  }),
};

const benchmarks = {
  $schema: DIALECT,
  $id: 'castellan/benchmarks/v1',
  title: 'Result of castellan rules --benchmark list',
  ...object({
    schema: { const: 'castellan/benchmarks/v1' },
    benchmarks: {
      type: 'array',
      items: object(
        { id: text, title: text, sameAs: text, releases: { type: 'array', items: count }, distribution: text, controls: count },
        ['sameAs', 'releases', 'distribution'],
      ),
    },
  }),
};

export const NODE_SCHEMAS = { nodeFacts, benchmarks };
