/** What the name of a setting promises: `DB_PASSWORD` a password, `TOKEN_URL` nothing secret. */
import { isHighEntropy } from './credential-values.ts';

export interface NamePromise {
  kind: string;
  /** The name alone is too common: only a value that looks random is one. */
  weak: boolean;
  /** Such names often hold the name of a Secret instead of what is in it. */
  refersOften: boolean;
}

/** Words after which a setting holds something about the credential, not the credential. */
const ABOUT = new Set(
  (
    'url uri urls endpoint host hostname address addr port server service provider issuer audience realm region scope scopes file files filename path paths dir ' +
    'directory folder mount volume location name names namespace namespaces ref refs reference selector label annotation prefix suffix type kind format encoding encoder ' +
    'algorithm alg method mode policy strategy ttl expiry expires expiration expire timeout duration interval lifetime age days hours minutes seconds ms length len size min ' +
    'max count limit rate usage budget number num enabled enable disabled disable required optional rotation rotate reset hint regex pattern validation validator check field ' +
    'header claim claims parameter param env var variable version arn store backend manager engine class cache user username email login schema table column index set list ' +
    'id ids exists created updated at cert certificate crt fingerprint thumbprint sha256 checksum template generator review reviews request requests mounted automount source ' +
    'ignore ignored allowed logging log message text title description help error bucket group groups role roles account'
  ).split(' '),
);

/** Words before `key` that make it a credential. */
const KEY_OF = new Set(
  'api access secret private encryption decryption signing master account storage batch ssh deploy shared webhook hmac aes cipher'.split(
    ' ',
  ),
);
const NOT_SECRET_KEY = new Set(
  'public primary partition foreign sort cache index group host known object row lookup translation i18n'.split(' '),
);
/** Whole words that name a credential, and the ends of words that people write together: PGPASSWORD, clientsecret. */
const WORDS: Readonly<Record<string, string>> = {
  password: 'password',
  passwords: 'password',
  passwd: 'password',
  passphrase: 'password',
  pass: 'password',
  pwd: 'password',
  passcode: 'password',
  secret: 'secret',
  secrets: 'secret',
  token: 'token',
  jwt: 'token',
  bearer: 'token',
  credential: 'credential',
  credentials: 'credential',
  creds: 'credential',
  apikey: 'API key',
  secretkey: 'secret key',
  accesskey: 'access key',
  privatekey: 'private key',
};
const ENDS = ['password', 'passwd', 'passphrase', 'secret', 'token', 'apikey', 'secretkey', 'accesskey', 'privatekey'] as const;
const VAGUE: Readonly<Record<string, string>> = {
  key: 'key',
  keys: 'key',
  salt: 'salt',
  seed: 'seed',
  auth: 'credential',
  authorization: 'credential',
  tokens: 'token',
  signature: 'key',
};
/** `TLS_SECRET`, `IMAGE_PULL_SECRET`: the objects that are called so. */
const OBJECTS_BEFORE = new Set('tls pull image cert certificate ca ingress registry kubernetes k8s existing imagepull'.split(' '));

/** k3s and RKE2 read where their snapshots of etcd go, and how to sign in there, from the Secret that is named here. */
const NAMES_SECRET: ReadonlySet<string> = new Set(['etcd-s3-config-secret']);
const SECRET_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * Whether the setting takes the name of a Secret and nothing else, and the value can be one: a name is no credential. What
 * the API server would refuse as a name was written there by mistake, and so was what looks random: both stay hidden.
 */
export function namesSecret(name: string, value: string): boolean {
  return NAMES_SECRET.has(name) && SECRET_NAME.test(value) && !isHighEntropy(value);
}

const MOST_NAMES = 20000;
const KNOWN = new Map<string, NamePromise | undefined>();

/** What a name promises, or undefined. */
export function promiseOf(name: string): NamePromise | undefined {
  if (KNOWN.has(name)) return KNOWN.get(name);
  const promise = read(wordsOf(name));
  if (KNOWN.size < MOST_NAMES && name.length <= 100) KNOWN.set(name, promise);
  return promise;
}

function read(words: readonly string[]): NamePromise | undefined {
  for (let index = words.length - 1; index >= 0; index -= 1) {
    const word = words[index] ?? '';
    const before = words[index - 1] ?? '';
    const kind = kindOf(word, before);
    if (kind === undefined) continue;
    // What follows decides: the password of a file is one, the file of a password is not.
    const after = words.slice(index + 1);
    if (isKeyId(words, index, after)) return { kind: 'AWS access key id', weak: false, refersOften: false };
    if (after.some((next) => ABOUT.has(next))) return weakId(kind.kind, after);
    if (kind.kind === 'secret' && OBJECTS_BEFORE.has(before)) return undefined;
    return { ...kind, refersOften: kind.kind !== 'password' };
  }
  return undefined;
}

function kindOf(word: string, before: string): { kind: string; weak: boolean } | undefined {
  if (word === 'key' || word === 'keys') {
    if (NOT_SECRET_KEY.has(before)) return undefined;
    return KEY_OF.has(before)
      ? { kind: `${before === 'api' ? 'API' : before} key`, weak: false }
      : { kind: 'key', weak: !CLOUDS.has(before) };
  }
  const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  if (known !== undefined) return { kind: known, weak: false };
  const end = ENDS.find((each) => word.endsWith(each));
  if (end !== undefined) return { kind: WORDS[end] ?? end, weak: false };
  const vague = Object.hasOwn(VAGUE, word) ? VAGUE[word] : undefined;
  return vague === undefined ? undefined : { kind: vague, weak: true };
}
const CLOUDS = new Set(['aws', 'azure', 'gcp', 'oci', 'cli']);

/** `AWS_ACCESS_KEY_ID` names one half of a pair; the other half is never far. */
function isKeyId(words: readonly string[], index: number, after: readonly string[]): boolean {
  return words[index] === 'key' && words[index - 1] === 'access' && after.length === 1 && after[0] === 'id';
}

/** `SECRET_ID` and `TOKEN_ID` are handles most often, yet some are half of a login. */
function weakId(kind: string, after: readonly string[]): NamePromise | undefined {
  return after.length === 1 && after[0] === 'id' && kind === 'secret' ? { kind, weak: true, refersOften: true } : undefined;
}

/** `dbPassword`, `DB_PASSWORD`, `db.password` → db, password. */
function wordsOf(name: string): string[] {
  return name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
