/** The file of node facts: JSON, checked field by field, for it comes from a machine that may be in other hands. */
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../lib/record.ts';
import { Fields, gapOf } from './fields.ts';
import {
  type CertificateFact,
  FILE_TYPES,
  type FileFact,
  NODE_FACTS_SCHEMA,
  type NodeFacts,
  type ProcessFact,
  type SocketFact,
  type UnitFact,
  type UnitLine,
} from './node-facts.ts';

/** @throws CAS_NOT_NODE_FACTS, CAS_NODE_FACTS_NEWER */
export function parseNodeFacts(text: string, file: string): NodeFacts {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CastellanError('CAS_NOT_NODE_FACTS', `${file} is no JSON`, { cause: error });
  }
  return nodeFactsOf(value, file);
}

/** The same of a value that was parsed already. `file` is how errors name it. */
export function nodeFactsOf(value: unknown, file: string): NodeFacts {
  const schema = isRecord(value) ? value.schema : undefined;
  if (schema !== NODE_FACTS_SCHEMA) {
    if (typeof schema === 'string' && /^castellan\/node-facts\/v\d+$/.test(schema))
      throw new CastellanError('CAS_NODE_FACTS_NEWER', `${file} is ${schema}, which this Castellan does not read`);
    throw new CastellanError('CAS_NOT_NODE_FACTS', `${file} holds no node facts: its schema is not ${NODE_FACTS_SCHEMA}`);
  }
  const root = new Fields(value, { file, code: 'CAS_NOT_NODE_FACTS', what: 'node facts' }, '');
  return {
    schema: NODE_FACTS_SCHEMA,
    node: root.text('node'),
    collectedAt: root.text('collectedAt'),
    collectedBy: root.text('collectedBy'),
    running: root.flag('running'),
    distribution: root.text('distribution'),
    os: osOf(root.child('os')),
    kernel: root.text('kernel'),
    versions: root.texts('versions'),
    processes: root.list('processes', processOf),
    units: root.list('units', unitOf),
    files: root.list('files', fileOf),
    absent: root.strings('absent'),
    certificates: root.list('certificates', certificateOf),
    sockets: root.list('sockets', socketOf),
    sysctls: root.texts('sysctls'),
    gaps: root.list('gaps', gapOf),
  };
}

function osOf(entry: Fields): NodeFacts['os'] {
  return { id: entry.text('id'), version: entry.text('version'), name: entry.text('name') };
}

function processOf(entry: Fields): ProcessFact {
  return {
    pid: entry.count('pid'),
    name: entry.text('name'),
    argv: entry.strings('argv'),
    ...(entry.has('uid') && { uid: entry.count('uid') }),
    ...(entry.has('inPod') && { inPod: entry.flag('inPod') }),
    ...(entry.has('exe') && { exe: entry.text('exe') }),
    ...(entry.has('start') && { start: entry.count('start') }),
    ...(entry.has('environment') && { environment: entry.texts('environment') }),
  };
}

function unitOf(entry: Fields): UnitFact {
  return {
    name: entry.text('name'),
    path: entry.text('path'),
    lines: entry.list('lines', lineOf),
    dropIns: entry.list('dropIns', (each) => ({ path: each.text('path'), lines: each.list('lines', lineOf) })),
  };
}

function lineOf(entry: Fields): UnitLine {
  return { line: entry.count('line'), text: entry.text('text') };
}

function fileOf(entry: Fields): FileFact {
  const mode = entry.text('mode');
  if (!/^[0-7]{1,4}$/.test(mode)) throw entry.error('mode');
  return {
    path: entry.text('path'),
    ...(entry.has('pid') && { pid: entry.count('pid') }),
    ...(entry.has('target') && { target: entry.text('target') }),
    type: entry.one('type', FILE_TYPES),
    mode,
    uid: entry.count('uid'),
    gid: entry.count('gid'),
    ...(entry.has('owner') && { owner: entry.text('owner') }),
    ...(entry.has('group') && { group: entry.text('group') }),
    size: entry.count('size'),
    namedBy: entry.text('namedBy'),
    ...(entry.has('holdsKey') && entry.flag('holdsKey') && { holdsKey: true }),
    ...(entry.has('text') && { text: entry.text('text') }),
  };
}

export function certificateOf(entry: Fields): CertificateFact {
  return {
    path: entry.text('path'),
    ...(entry.has('part') && { part: entry.text('part') }),
    subject: entry.text('subject'),
    issuer: entry.text('issuer'),
    names: entry.strings('names'),
    notBefore: entry.text('notBefore'),
    notAfter: entry.text('notAfter'),
    uses: entry.strings('uses'),
    ca: entry.flag('ca'),
    key: entry.text('key'),
    ...(entry.has('signature') && { signature: entry.text('signature') }),
    fingerprint: entry.text('fingerprint'),
  };
}

function socketOf(entry: Fields): SocketFact {
  return {
    protocol: entry.one('protocol', ['tcp', 'udp']),
    address: entry.text('address'),
    port: entry.count('port'),
    ...(entry.has('pid') && { pid: entry.count('pid') }),
    ...(entry.has('process') && { process: entry.text('process') }),
  };
}
