/** The file of node facts: JSON, checked field by field, for it comes from a machine that may be in other hands. */
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../lib/record.ts';
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
import { type Gap, isGapCode } from './snapshot.ts';

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
  const root = new Fields(value, file, '');
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
    ...(entry.has('text') && { text: entry.text('text') }),
  };
}

function certificateOf(entry: Fields): CertificateFact {
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

function gapOf(entry: Fields): Gap {
  const code = entry.text('code');
  if (!isGapCode(code)) throw entry.error('code');
  return { scope: entry.text('scope'), code, reason: entry.text('reason'), effect: entry.text('effect') };
}

/** One mapping of the file, with errors that say which field is wrong. */
class Fields {
  readonly #fields: Record<string, unknown>;
  readonly #file: string;
  readonly #path: string;

  constructor(value: unknown, file: string, path: string) {
    this.#file = file;
    this.#path = path;
    if (!isRecord(value)) throw this.error('');
    this.#fields = value;
  }

  error(field: string): CastellanError {
    const path = [this.#path, field].filter((part) => part !== '').join('.');
    return new CastellanError('CAS_NOT_NODE_FACTS', `${this.#file}: "${path}" is not what it should be in node facts`);
  }

  has(field: string): boolean {
    return this.#fields[field] !== undefined;
  }

  text(field: string): string {
    const value = this.#fields[field];
    if (typeof value !== 'string') throw this.error(field);
    return value;
  }

  flag(field: string): boolean {
    const value = this.#fields[field];
    if (typeof value !== 'boolean') throw this.error(field);
    return value;
  }

  count(field: string): number {
    const value = this.#fields[field];
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw this.error(field);
    return value as number;
  }

  one<const T extends string>(field: string, known: readonly T[]): T {
    const value = known.find((each) => each === this.#fields[field]);
    if (value === undefined) throw this.error(field);
    return value;
  }

  strings(field: string): string[] {
    return this.#array(field).map((each, index) => {
      if (typeof each !== 'string') throw this.error(`${field}[${index}]`);
      return each;
    });
  }

  texts(field: string): Record<string, string> {
    const value = this.#fields[field];
    if (!isRecord(value)) throw this.error(field);
    for (const [key, each] of Object.entries(value)) if (typeof each !== 'string') throw this.error(`${field}.${key}`);
    return value as Record<string, string>;
  }

  child(field: string): Fields {
    return new Fields(this.#fields[field], this.#file, this.#path === '' ? field : `${this.#path}.${field}`);
  }

  list<T>(field: string, element: (entry: Fields) => T): T[] {
    return this.#array(field).map((each, index) =>
      element(new Fields(each, this.#file, `${this.#path === '' ? '' : `${this.#path}.`}${field}[${index}]`)),
    );
  }

  #array(field: string): unknown[] {
    const value = this.#fields[field];
    if (!Array.isArray(value)) throw this.error(field);
    return value as unknown[];
  }
}
