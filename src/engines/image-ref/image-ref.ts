/**
 * Image references as distribution/reference reads them, which is what the kubelet and container runtimes do:
 * `[domain[:port]/]path[:tag][@algorithm:hex]`, and the short forms of Docker Hub.
 */

export interface ImageReference {
  /** Registry host with its port; '' only in the raw form, where a name may have none. */
  readonly domain: string;
  readonly path: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

export type InvalidReason =
  | 'empty'
  | 'format'
  | 'uppercase'
  | 'too-long'
  | 'identifier'
  | 'digest-algorithm'
  | 'digest-length'
  | 'digest-format';

export interface InvalidReference {
  readonly invalid: InvalidReason;
}

export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512';

const DEFAULT_DOMAIN = 'docker.io';
/** The host that Docker Hub had first; it still means Docker Hub. */
const LEGACY_DOMAIN = 'index.docker.io';
const OFFICIAL = 'library/';

const LONGEST_PATH = 255;
/** Beyond any host name with the longest path, tag and digest: what is longer is refused before it is matched. */
const LONGEST_REFERENCE = 1024;

const HEX_DIGITS: Readonly<Record<DigestAlgorithm, number>> = { sha256: 64, sha384: 96, sha512: 128 };
const LINKED: readonly DigestAlgorithm[] = ['sha256', 'sha384', 'sha512'];

const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const PATH = `${COMPONENT}(?:/${COMPONENT})*`;
/** Written so that there is one way to match: hyphens only between other characters. */
const LABEL = '[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*';
const HOST = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])`;
const DOMAIN = `${HOST}(?::[0-9]+)?`;
const TAG = '[0-9A-Za-z_][0-9A-Za-z_.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,}';

const REFERENCE = new RegExp(`^((?:${DOMAIN}/)?${PATH})(?::(${TAG}))?(?:@(${DIGEST}))?$`);
const NAME = new RegExp(`^(?:(${DOMAIN})/)?(${PATH})$`);
/** The hexadecimal id of an image, which is no name. */
const IDENTIFIER = /^[a-f0-9]{64}$/;
const LOWER_HEX = /^[a-f0-9]+$/;

export function isValid(reference: ImageReference | InvalidReference): reference is ImageReference {
  return !('invalid' in reference);
}

/** The grammar alone, without Docker Hub's short forms. */
export function parseReference(text: string, algorithms: readonly DigestAlgorithm[] = LINKED): ImageReference | InvalidReference {
  if (text === '') return { invalid: 'empty' };
  if (text.length > LONGEST_REFERENCE) return { invalid: 'too-long' };
  const match = REFERENCE.exec(text);
  if (match === null) return { invalid: REFERENCE.test(text.toLowerCase()) ? 'uppercase' : 'format' };
  const [, name = '', tag, digest] = match;
  const [, domain = '', path = name] = NAME.exec(name) ?? [];
  if (path.length > LONGEST_PATH) return { invalid: 'too-long' };
  const flaw = digest === undefined ? undefined : flawOfDigest(digest, algorithms);
  return flaw === undefined ? { domain, path, tag, digest } : { invalid: flaw };
}

/** An image as a manifest names it: `nginx` is `docker.io/library/nginx`. The tag stays undefined where none is written. */
export function parseImage(text: string): ImageReference | InvalidReference {
  if (text === '') return { invalid: 'empty' };
  if (text.length > LONGEST_REFERENCE) return { invalid: 'too-long' };
  if (IDENTIFIER.test(text)) return { invalid: 'identifier' };
  const { domain, rest } = splitDomain(text);
  const remote = rest.includes(':') ? rest.slice(0, rest.indexOf(':')) : rest;
  if (remote !== remote.toLowerCase()) return { invalid: 'uppercase' };
  return parseReference(`${domain}/${rest}`);
}

/** As `parseImage`, where a bare digest or image id is also an answer, with no name. */
export function parseAnyImage(text: string): ImageReference | InvalidReference {
  const digest = IDENTIFIER.test(text) ? `sha256:${text}` : text;
  if (flawOfDigest(digest, LINKED) === undefined) return { domain: '', path: '', tag: undefined, digest };
  return parseImage(text);
}

/** The tag or digest that a runtime pulls: a digest makes the tag mean nothing, and nothing at all means `latest`. */
export function withDefaultTag(reference: ImageReference): ImageReference {
  if (reference.digest !== undefined) return { ...reference, tag: undefined };
  return { ...reference, tag: reference.tag ?? 'latest' };
}

/** Domain and path, without tag and digest. */
export function nameOf({ domain, path }: Pick<ImageReference, 'domain' | 'path'>): string {
  return domain === '' ? path : `${domain}/${path}`;
}

/** The short name that people write: Docker Hub and its official images go without their prefixes. */
export function familiarName({ domain, path }: ImageReference): string {
  if (domain !== DEFAULT_DOMAIN) return nameOf({ domain, path });
  const rest = path.startsWith(OFFICIAL) ? path.slice(OFFICIAL.length) : undefined;
  // `library/a/b` is no official image, so its first part may not go.
  return rest === undefined || rest.includes('/') ? path : rest;
}

/** What stands before the first slash is a host only when it looks like one. */
function splitDomain(text: string): { domain: string; rest: string } {
  const slash = text.indexOf('/');
  if (slash < 0) return { domain: DEFAULT_DOMAIN, rest: OFFICIAL + text };
  const first = text.slice(0, slash);
  const after = text.slice(slash + 1);
  if (first === LEGACY_DOMAIN || first === DEFAULT_DOMAIN)
    return { domain: DEFAULT_DOMAIN, rest: after.includes('/') ? after : OFFICIAL + after };
  const isHost = first === 'localhost' || first.includes('.') || first.includes(':') || first !== first.toLowerCase();
  return isHost ? { domain: first, rest: after } : { domain: DEFAULT_DOMAIN, rest: text };
}

function flawOfDigest(digest: string, algorithms: readonly DigestAlgorithm[]): InvalidReason | undefined {
  const colon = digest.indexOf(':');
  const algorithm = algorithms.find((known) => known === digest.slice(0, colon));
  if (algorithm === undefined) return 'digest-algorithm';
  const hex = digest.slice(colon + 1);
  if (hex.length !== HEX_DIGITS[algorithm]) return 'digest-length';
  return LOWER_HEX.test(hex) ? undefined : 'digest-format';
}
