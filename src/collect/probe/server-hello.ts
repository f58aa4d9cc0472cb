/** What a server says to a ClientHello, up to where it waits for the client. The bytes come from a stranger. */

export interface ServerSaid {
  /** It agreed to a version and a suite. */
  hello?: { version: number; suite: number };
  /** In DER; only before TLS 1.3, where they are sent in the open. */
  certificates: Buffer[];
  /** It asked for a certificate of the client; known before TLS 1.3 only. */
  asksForCertificate: boolean;
  /** It broke off with an alert (RFC 8446 §6). */
  alert?: number;
  /** It speaks something else than TLS. */
  foreign: boolean;
  /** Nothing that matters is still to come. */
  done: boolean;
}

const ALERT = 21;
const HANDSHAKE = 22;
/** An answer larger than any list of certificates is not read on. */
export const LARGEST_ANSWER = 1 << 18;

export function readServer(bytes: Buffer): ServerSaid {
  const said: ServerSaid = { certificates: [], asksForCertificate: false, foreign: false, done: false };
  const parts: Buffer[] = [];
  for (let at = 0; at + 5 <= bytes.length;) {
    const type = bytes.readUInt8(at);
    const length = bytes.readUInt16BE(at + 3);
    if ((type !== ALERT && type !== HANDSHAKE && type !== 20 && type !== 23) || bytes.readUInt8(at + 1) !== 3) {
      said.foreign = at === 0;
      said.done = true;
      return said;
    }
    const content = bytes.subarray(at + 5, at + 5 + length);
    if (content.length < length) break;
    if (type === ALERT && content.length >= 2) {
      // A warning (that of a name nobody serves) is no refusal.
      if (content.readUInt8(0) === 2) {
        said.alert = content.readUInt8(1);
        said.done = true;
      }
    } else if (type === HANDSHAKE) parts.push(content);
    at += 5 + length;
  }
  readMessages(Buffer.concat(parts), said);
  return said;
}

function readMessages(bytes: Buffer, said: ServerSaid): void {
  for (let at = 0; at + 4 <= bytes.length;) {
    const type = bytes.readUInt8(at);
    const length = bytes.readUIntBE(at + 1, 3);
    const body = bytes.subarray(at + 4, at + 4 + length);
    if (body.length < length) return;
    if (type === 2) readHello(body, said);
    else if (type === 11) said.certificates = certificatesIn(body);
    else if (type === 13) said.asksForCertificate = true;
    else if (type === 14) said.done = true;
    at += 4 + length;
  }
}

function readHello(body: Buffer, said: ServerSaid): void {
  if (body.length < 38) return;
  const session = body.readUInt8(34);
  const at = 35 + session;
  if (at + 2 > body.length) return;
  const hello = { version: body.readUInt16BE(0), suite: body.readUInt16BE(at) };
  const version = versionExtension(body.subarray(Math.min(body.length, at + 3)));
  if (version !== undefined) {
    hello.version = version;
    // What follows is encrypted, or waits for a share of a key.
    said.done = true;
  }
  said.hello = hello;
}

/** That of TLS 1.3 stands in an extension. */
function versionExtension(bytes: Buffer): number | undefined {
  for (let at = 2; at + 4 <= bytes.length;) {
    const [type, length] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    if (type === 43 && length === 2 && at + 6 <= bytes.length) return bytes.readUInt16BE(at + 4);
    at += 4 + length;
  }
  return undefined;
}

function certificatesIn(body: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 3; at + 3 <= body.length;) {
    const length = body.readUIntBE(at, 3);
    const certificate = body.subarray(at + 3, at + 3 + length);
    if (certificate.length < length) break;
    found.push(certificate);
    at += 3 + length;
  }
  return found;
}
