/** By which algorithm a certificate is signed, from its DER (RFC 5280 §4.1.1.2): the runtime does not tell. */

const NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'md2-with-rsa',
  '1.2.840.113549.1.1.4': 'md5-with-rsa',
  '1.2.840.113549.1.1.5': 'sha1-with-rsa',
  '1.2.840.113549.1.1.10': 'rsa-pss',
  '1.2.840.113549.1.1.11': 'sha256-with-rsa',
  '1.2.840.113549.1.1.12': 'sha384-with-rsa',
  '1.2.840.113549.1.1.13': 'sha512-with-rsa',
  '1.2.840.10040.4.3': 'sha1-with-dsa',
  '1.2.840.10045.4.1': 'sha1-with-ecdsa',
  '1.2.840.10045.4.3.2': 'sha256-with-ecdsa',
  '1.2.840.10045.4.3.3': 'sha384-with-ecdsa',
  '1.2.840.10045.4.3.4': 'sha512-with-ecdsa',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
};

/** Its name, the OID where it has none here, or '' where the bytes are no certificate. */
export function signatureOf(der: Buffer): string {
  const whole = element(der, 0);
  const body = whole && element(der, whole.start);
  const algorithm = body && element(der, body.end);
  const oid = algorithm && element(der, algorithm.start);
  if (oid === undefined || der[algorithm?.start ?? 0] !== 0x06) return '';
  const dotted = dottedOf(der.subarray(oid.start, oid.end));
  return NAMES[dotted] ?? dotted;
}

/** Where the content of the element at `at` begins and ends. */
function element(der: Buffer, at: number): { start: number; end: number } | undefined {
  const first = der[at + 1];
  if (first === undefined) return undefined;
  const bytes = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + bytes;
  if (bytes > 4 || start > der.length) return undefined;
  const length = bytes === 0 ? first : der.readUIntBE(at + 2, bytes);
  return start + length > der.length ? undefined : { start, end: start + length };
}

function dottedOf(bytes: Buffer): string {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of bytes) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
    }
  }
  const [first = 0, ...rest] = numbers;
  return [Math.min(2, Math.floor(first / 40)), first - 40 * Math.min(2, Math.floor(first / 40)), ...rest].join('.');
}
