/** Certificates in PEM. Keys that stand beside them are passed over and never kept. */
import { X509Certificate } from 'node:crypto';
import type { CertificateFact } from '../../snapshot/index.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,65536}-----END CERTIFICATE-----/g;
/** Bundles of the whole world are no certificates of this cluster. */
const MOST = 100;

/** Whether a private key stands in a file of PEM, of any form: encrypted ones are keys too. */
export function hasKey(pem: string): boolean {
  return /^-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----/m.test(pem);
}

/** What a file of PEM holds; `broken` counts blocks that are no certificates. */
export function certificatesIn(pem: string, path: string, part?: string): { found: CertificateFact[]; broken: number } {
  const blocks = (pem.match(BLOCK) ?? []).slice(0, MOST);
  const found: CertificateFact[] = [];
  let broken = 0;
  for (const [index, block] of blocks.entries()) {
    const name = blocks.length > 1 ? [part, `[${index}]`].filter((each) => each !== undefined).join('') : part;
    const fact = factOf(block, path, name);
    if (fact === undefined) broken += 1;
    else found.push(fact);
  }
  return { found, broken };
}

/** Undefined where it is no certificate, or has no dates that are dates. */
export function factOf(block: string | Buffer, path: string, part: string | undefined): CertificateFact | undefined {
  try {
    const read = new X509Certificate(block);
    const notBefore = timeOf(read.validFrom);
    const notAfter = timeOf(read.validTo);
    if (notBefore === undefined || notAfter === undefined) return undefined;
    return {
      path,
      ...(part !== undefined && { part }),
      subject: oneLine(read.subject),
      issuer: oneLine(read.issuer),
      names: (read.subjectAltName ?? '')
        .split(', ')
        .filter((name) => name !== '')
        .slice(0, 500),
      notBefore,
      notAfter,
      uses: [...((read.keyUsage as string[] | undefined) ?? [])],
      ca: read.ca,
      key: keyOf(read),
      ...signatureOf(read),
      fingerprint: read.fingerprint256,
    };
  } catch {
    return undefined;
  }
}

/** The types of Node do not have it yet. */
function signatureOf(read: X509Certificate & { readonly signatureAlgorithm?: string }): Pick<CertificateFact, 'signature'> {
  return read.signatureAlgorithm === undefined ? {} : { signature: read.signatureAlgorithm };
}

function keyOf({ publicKey }: X509Certificate): string {
  const { asymmetricKeyType = 'unknown', asymmetricKeyDetails } = publicKey;
  const size = asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve;
  return size === undefined ? asymmetricKeyType : `${asymmetricKeyType} ${size}`;
}

/** Node writes a line for each part; a value with line breaks of its own has them escaped. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function timeOf(text: string): string | undefined {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString().replace(/\.\d+Z$/, 'Z');
}
