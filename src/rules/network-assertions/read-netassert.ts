/**
 * The tests of netassert (github.com/controlplaneio/netassert, version 2), asked of the policies instead of the
 * network: an exit code of 0 is an allow, any other a deny, of every pod of the resources and not of one that is picked.
 */
import { isIP } from 'node:net';
import { type Protocol, portRange } from '../../engines/network/index.ts';
import type { PathSegment } from '../../lib/field-path.ts';
import { DocumentPositions } from '../../lib/positions.ts';
import { isRecord } from '../../lib/record.ts';
import { parseYaml } from '../../lib/yaml.ts';
import type { Assertion, Assertions, End } from './assertion.ts';
import { fault } from './fault.ts';

const KINDS: Readonly<Record<string, string>> = {
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
  pod: 'Pod',
};
const PROTOCOLS: Readonly<Record<string, Protocol>> = { tcp: 'TCP', udp: 'UDP' };
const FIELDS = new Set([
  'name',
  'type',
  'protocol',
  'targetPort',
  'timeoutSeconds',
  'attempts',
  'exitCode',
  'src',
  'dst',
  'pass',
  'failureReason',
]);

/** @throws CAS_ASSERTIONS at the first mistake */
export function readNetassert(text: string, file: string): Assertions {
  const result = parseYaml(text);
  const document = new Document(text, file);
  if ('error' in result) throw document.faultAt(result.error.line ?? 1, result.error.reason);
  const tests = result.value ?? [];
  if (!Array.isArray(tests)) throw document.fault([], 'a file of netassert is a list of tests');
  const names = new Set<string>();
  const assertions = tests.map((test: unknown, index) => {
    const assertion = assertionOf(new Field(document, [index], test));
    if (names.has(assertion.title)) throw document.fault([index, 'name'], `there is a test "${assertion.title}" already`);
    names.add(assertion.title);
    return assertion;
  });
  return { assertions, exceptions: [], tenants: new Map(), tenantLabel: undefined };
}

class Document {
  readonly #text: string;
  readonly #file: string;
  #positions: DocumentPositions | undefined;

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
  }

  lineOf(path: readonly PathSegment[]): number {
    this.#positions ??= new DocumentPositions(this.#text, 'yaml');
    return this.#positions.locate(path).line;
  }

  fault(path: readonly PathSegment[], what: string): Error {
    this.#positions ??= new DocumentPositions(this.#text, 'yaml');
    const { line, column } = this.#positions.locate(path);
    return fault({ file: this.#file, line, column }, what, this.#source(line));
  }

  faultAt(line: number, what: string): Error {
    return fault({ file: this.#file, line, column: 1 }, what, this.#source(line));
  }

  #source(line: number): string {
    return this.#text.split(/\r?\n/)[line - 1] ?? '';
  }
}

class Field {
  readonly #document: Document;
  readonly #path: readonly PathSegment[];
  readonly value: unknown;

  constructor(document: Document, path: readonly PathSegment[], value: unknown) {
    this.#document = document;
    this.#path = path;
    this.value = value;
  }

  get(key: string): Field {
    if (!this.absent && !isRecord(this.value)) throw this.fault('this is no mapping');
    const value = isRecord(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return new Field(this.#document, [...this.#path, key], value);
  }

  get keys(): string[] {
    return isRecord(this.value) ? Object.keys(this.value) : [];
  }

  get absent(): boolean {
    return this.value === undefined || this.value === null;
  }

  get line(): number {
    return this.#document.lineOf(this.#path);
  }

  text(what: string): string {
    if (typeof this.value === 'string' && this.value !== '') return this.value;
    throw this.fault(`${what} is missing`);
  }

  /** One of the words, in the spelling that they stand for. */
  word<T extends string>(words: Readonly<Record<string, T>>, what: string): T {
    const found = typeof this.value === 'string' && Object.hasOwn(words, this.value) ? words[this.value] : undefined;
    if (found === undefined) throw this.fault(`${what} is one of ${Object.keys(words).join(', ')}`);
    return found;
  }

  fault(what: string): Error {
    return this.#document.fault(this.#path, what);
  }
}

function assertionOf(test: Field): Assertion {
  const title = test.get('name').text('the name of the test');
  for (const key of test.keys) if (!FIELDS.has(key)) throw test.get(key).fault(`there is no field "${key}"`);
  test.get('type').word({ k8s: 'k8s' }, 'the type');
  const protocol = test.get('protocol').absent ? 'TCP' : test.get('protocol').word(PROTOCOLS, 'the protocol');
  const port = test.get('targetPort').value;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65535)
    throw test.get('targetPort').fault('targetPort is a port from 1 to 65535');
  for (const key of ['timeoutSeconds', 'attempts', 'exitCode']) {
    const field = test.get(key);
    if (!field.absent && (typeof field.value !== 'number' || field.value < 0)) throw field.fault(`${key} is a number`);
  }
  const verb = (test.get('exitCode').value ?? 0) === 0 ? 'allow' : 'deny';
  const from = resource(test.get('src').get('k8sResource'));
  const [to, isName] = target(test.get('dst'), { namespace: from.text.split('/')[0] ?? '', protocol, port });
  // Behind a name stands the port of a Service, which is another one than that of its pods.
  const ports = isName ? undefined : { numbers: portRange(protocol, port, port), names: [], any: false };
  return {
    verb,
    title,
    mayBeEmpty: false,
    line: test.line,
    from,
    to,
    ports,
    text: `${verb} ${from.text} -> ${to.text}:${port}/${protocol}`,
  };
}

function resource(field: Field): End {
  if (field.absent) throw field.fault('a source is a k8sResource');
  const kind = field.get('kind').word(KINDS, 'the kind');
  const name = field.get('name').text('the name of the resource');
  const namespace = field.get('namespace').text('the namespace of the resource');
  const text = kind === 'Pod' ? `${namespace}/${name}` : `${namespace}/${name}[${kind}]`;
  return { text, names: [{ kind: 'peer', text }] };
}

function target(dst: Field, at: { namespace: string; protocol: Protocol; port: number }): [to: End, isName: boolean] {
  const [pods, host] = [dst.get('k8sResource'), dst.get('host')];
  if (pods.absent === host.absent) throw dst.fault('a destination is either a k8sResource or a host');
  if (host.absent) return [resource(pods), false];
  const text = host.get('name').text('the name of the host');
  if (isIP(text) > 0) return [{ text, names: [{ kind: 'peer', text: isIP(text) === 4 ? `ip:${text}` : `ip6:${text}` }] }, false];
  return [{ text, names: [{ kind: 'host', text, ...at }] }, true];
}
