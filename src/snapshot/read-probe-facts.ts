/** The document of `castellan probe`, read again field by field. */
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../lib/record.ts';
import { Fields, gapOf } from './fields.ts';
import {
  type AnswerFact,
  CONFIGZ_CREDENTIALS,
  type ConfigzFact,
  type EndpointFact,
  PORT_OWNERS,
  PORT_USES,
  PROBE_SCHEMA,
  type ProbeFacts,
  type ServedCertificate,
  TLS_VERSIONS,
  type TlsFact,
} from './probe-facts.ts';
import { certificateOf } from './read-node-facts.ts';

/** @throws CAS_NOT_PROBE */
export function parseProbeFacts(text: string, file: string): ProbeFacts {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CastellanError('CAS_NOT_PROBE', `${file} is no JSON`, { cause: error });
  }
  return probeFactsOf(value, file);
}

/** The same of a value that was parsed already. `file` is how errors name it. */
export function probeFactsOf(value: unknown, file: string): ProbeFacts {
  const schema = isRecord(value) ? value.schema : undefined;
  if (schema !== PROBE_SCHEMA) {
    const other = typeof schema === 'string' && /^castellan\/probe\/v\d+$/.test(schema) ? `it is ${schema}` : 'it is something else';
    throw new CastellanError('CAS_NOT_PROBE', `${file} is not ${PROBE_SCHEMA}: ${other}`);
  }
  const root = new Fields(value, { file, code: 'CAS_NOT_PROBE', what: 'what castellan probe writes' }, '');
  const probedAt = root.text('probedAt');
  if (Number.isNaN(Date.parse(probedAt))) throw root.error('probedAt');
  return {
    schema: PROBE_SCHEMA,
    probedAt,
    probedBy: root.text('probedBy'),
    endpoints: root.list('endpoints', endpointOf),
    gaps: root.list('gaps', gapOf),
  };
}

function endpointOf(entry: Fields): EndpointFact {
  return {
    host: entry.text('host'),
    port: entry.count('port'),
    component: entry.one('component', PORT_OWNERS),
    use: entry.one('use', PORT_USES),
    ...(entry.has('node') && { node: entry.text('node') }),
    from: entry.text('from'),
    state: entry.one('state', ['open', 'closed', 'silent']),
    http: entry.flag('http'),
    ...(entry.has('tls') && { tls: tlsOf(entry.child('tls')) }),
    answers: entry.list('answers', answerOf),
    ...(entry.has('configz') && { configz: configzOf(entry.child('configz')) }),
  };
}

function tlsOf(entry: Fields): TlsFact {
  return {
    versions: entry.list('versions', (each) => ({
      version: each.one('version', TLS_VERSIONS),
      accepted: each.one('accepted', ['yes', 'no', 'unknown']),
      suites: each.strings('suites'),
    })),
    clientCertificate: entry.one('clientCertificate', ['required', 'not-required', 'unknown']),
    certificates: entry.list('certificates', servedOf),
  };
}

function servedOf(entry: Fields): ServedCertificate {
  const certificate = certificateOf(entry);
  for (const field of ['notBefore', 'notAfter'] as const) if (Number.isNaN(Date.parse(certificate[field]))) throw entry.error(field);
  return {
    ...certificate,
    signature: entry.text('signature'),
    selfSigned: entry.flag('selfSigned'),
    ...(entry.has('fits') && { fits: entry.flag('fits') }),
  };
}

function answerOf(entry: Fields): AnswerFact {
  return {
    scheme: entry.one('scheme', ['http', 'https']),
    path: entry.text('path'),
    ...(entry.has('status') && { status: entry.count('status') }),
    ...(entry.has('failed') && { failed: entry.text('failed') }),
  };
}

function configzOf(entry: Fields): ConfigzFact {
  return {
    by: entry.one('by', CONFIGZ_CREDENTIALS),
    ...(entry.has('untrusted') && { untrusted: entry.text('untrusted') }),
    config: entry.mapping('config', DEEPEST_CONFIG),
  };
}
/** Twice what a KubeletConfiguration is. */
const DEEPEST_CONFIG = 20;
