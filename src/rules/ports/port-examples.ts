/** What a port answered, for the examples of rules, from what matters in it. */
import { type EndpointFact, PROBE_SCHEMA, type ServedCertificate, type TlsFact, type TlsVersion } from '../../snapshot/index.ts';

interface Example extends Partial<Pick<EndpointFact, 'component' | 'use' | 'http' | 'host'>> {
  versions?: Partial<Record<TlsVersion, readonly string[]>>;
  clientCertificate?: TlsFact['clientCertificate'];
  certificate?: Partial<ServedCertificate>;
  /** `https /metrics` → 200 */
  answers?: Readonly<Record<string, number>>;
  /** What a kubelet says that it runs with. */
  configz?: Readonly<Record<string, unknown>>;
}

const GOOD: Partial<Record<TlsVersion, readonly string[]>> = { 'TLS 1.3': ['TLS_AES_128_GCM_SHA256'] };

/** As one document of YAML, as examples are. */
export function probed(example: Example): string {
  const { component = 'kube-apiserver', use = 'secure', http = false, host = '10.0.0.1', answers = {}, versions = GOOD } = example;
  const tls = {
    versions: Object.entries(versions).map(([version, suites]) => ({ version, accepted: 'yes', suites })),
    clientCertificate: example.clientCertificate ?? 'not-required',
    certificates: [certificateOf(example.certificate)],
  };
  const endpoint = {
    host,
    port: 10_000,
    component,
    use,
    node: 'node1',
    from: 'Node node1',
    state: 'open',
    http,
    ...(!http && { tls }),
    answers: Object.entries(answers).map(([request, status]) => {
      const [scheme, path] = request.split(' ');
      return { scheme, path, status };
    }),
    ...(example.configz !== undefined && { configz: { by: 'certificate', config: example.configz } }),
  };
  return JSON.stringify(
    { schema: PROBE_SCHEMA, probedAt: '2026-11-01T08:00:00Z', probedBy: '1.0.0', endpoints: [endpoint], gaps: [] },
    null,
    1,
  );
}

function certificateOf(given: Partial<ServedCertificate> = {}): ServedCertificate {
  return {
    path: '10.0.0.1:10000',
    part: '[0]',
    subject: 'CN=server',
    issuer: 'CN=ca',
    names: ['IP Address:10.0.0.1'],
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2028-01-01T00:00:00Z',
    uses: ['1.3.6.1.5.5.7.3.1'],
    ca: false,
    key: 'ec prime256v1',
    fingerprint: 'AA:BB',
    signature: 'sha256-with-ecdsa',
    selfSigned: false,
    fits: true,
    ...given,
  };
}
