/**
 * Whether a value must not leave the cluster because of what it is called. Asked beside the detector and broader than
 * it: a finding too many costs trust, but a value that stays on the server costs nothing.
 */
import { namesSecret, promiseOf } from '../../lib/credential-names.ts';
import { isPlaceholder } from '../../lib/credential-values.ts';
import { isRedacted } from '../../lib/redaction.ts';

/** Names that say it in words of one program. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  requirepass: 'password',
  masterauth: 'password',
  masterpass: 'password',
  authorization: 'authorization header',
  'proxy-authorization': 'authorization header',
  cookie: 'cookie',
  'set-cookie': 'cookie',
  sig: 'signature',
  pw: 'password',
};

/** A variable in one of the ways to write it, and nothing that it falls back to. */
const VARIABLE = /\$\([\w.-]+\)|\$\{[\w.-]+\}|\$[A-Za-z_]\w*|\{\{[^{}]*\}\}|<%[^%]*%>|%[A-Za-z_]\w*%|__\w+__/g;
const STORE =
  /^(?:(?:vault|ref\+\w+|ssm|awsssm|awssecret|kms|gcpsecretmanager|akv|azurekeyvault|berglas|secretref|conjur|chamber|sops|keyring|doppler|valueFrom):|op:\/\/|env:[A-Za-z_]\w*$|ENC\[|\{cipher\}|!vault|\$ANSIBLE_VAULT|arn:|projects\/[^/]+\/secrets\/|<path:|@Microsoft\.KeyVault|file:\/\/)/i;
const PLAIN_WORDS = new Set(
  'true false yes no on off none null nil undefined enabled disabled required optional default auto always never unset empty n/a string'.split(
    ' ',
  ),
);
/** Below these folders files are kept; anything else that begins with a slash may be random. */
const FOLDER =
  /^(?:~|\.{1,2}|\/(?:run|var|etc|mnt|opt|home|tmp|usr|vault|secrets?|app|apps|data|config|configs|certs?|certificates|keys?|credentials?|root|srv|dev|proc|sys|workspace|pki|tls|ssl|conf|share|shared|projected|bitnami|kaniko))(?:\/[\w.@-]{1,64})*\/?$/;
const FILE = /^[\w.-]{1,64}\.(?:pem|crt|cer|key|p12|pfx|jks|json|ya?ml|env|conf|toml|ini|properties|kubeconfig)$/i;
const SHORT_NUMBER = /^[+-]?\d{1,3}$|^\d{1,6}(?:ms|us|ns|[smhdwy]|%)$|^0+$/;
/** What a program computes, a pattern of a policy, what an operator leaves of itself. */
const CODE =
  /^(?:process|os|env|config|settings|self|this|values|spec|local|module|request|ctx)\.[A-Za-z_][\w.]*(?:\(.*\)|\[.*\])?[,;]?$|^[A-Za-z_][\w.]*\([^)]*\)[,;]?$|^[!?*|&\s]+$|^[=~>|&[{(<]*$/;

/** What it is believed to be, or undefined where it may stay. */
export function mustHide(name: string, value: string): string | undefined {
  const kind = promised(name);
  if (kind === undefined || isRedacted(value) || namesSecret(name, value) || isHarmless(value.trim(), kind)) return undefined;
  return kind;
}

/** What a name promises without a look at a value. */
export function promised(written: string): string | undefined {
  // `DB_PASSWORD2` is another of the same.
  const name = DIGIT.test(written) ? written.replaceAll(/(?<=[A-Za-z])\d+(?=$|[_.-])/g, '') : written;
  if (KNOWN.has(name)) return KNOWN.get(name);
  const promise = promiseOf(name);
  const lower = promise === undefined || promise.weak ? name.toLowerCase() : '';
  const kind = lower === '' ? promise?.kind : Object.hasOwn(OWN_WORDS, lower) ? OWN_WORDS[lower] : undefined;
  if (KNOWN.size < MOST_KNOWN && name.length <= 100) KNOWN.set(name, kind);
  return kind;
}
const DIGIT = /\d/;
const KNOWN = new Map<string, string | undefined>();
const MOST_KNOWN = 20_000;

function isHarmless(value: string, kind: string): boolean {
  if (value === '' || PLAIN_WORDS.has(value.toLowerCase()) || isReference(value) || isPlaceholder(value)) return true;
  if (FOLDER.test(value) || CODE.test(value)) return true;
  return kind !== 'password' && (FILE.test(value) || SHORT_NUMBER.test(value));
}

/** Nothing but where the value is to be had. */
export function isReference(value: string): boolean {
  return STORE.test(value) || (/[$%{<_]/.test(value) && /^[\s:@/.,;-]*$/.test(value.replaceAll(VARIABLE, '')));
}

const NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?[/.])?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const WORD = /^(?:[a-z]+\d{0,3}|\d{1,3}|[a-z0-9]{1,5})$/;
const OBJECTS = new Set(['secret', 'credential']);
/** `clientSecret` is the secret itself; `tlsSecret` or `secret` names the object mostly. */
const VALUE_BEFORE =
  /(?:client|app|application|consumer|api|webhook|shared|hmac|oauth2?|jwt|signing|access|session|cookie)[-_.]?(?:secrets?|credentials?)$/i;
const OBJECT_WORDS = /(?:^|[-./])(?:secrets?|credentials?|creds?|tokens?|tls|certs?|keys?|auth|passwords?)(?=$|[-./])/;
const FIELD_NAME = /^[A-Za-z][A-Za-z_.-]{0,60}$/;

/** In the fields of an object `secret: shop-db` names another object, which must stay, or the model would be wrong. */
export function isNameOfObject(name: string, value: string, beside: Readonly<Record<string, unknown>>): boolean {
  // The pattern of a policy.
  if (/^[!?*|&\s]+$/.test(value)) return true;
  const kind = promised(name);
  if (kind === undefined || kind === 'password') return false;
  // `secretKey: password` beside where it is taken from.
  if (kind === 'secret key' && ('remoteRef' in beside || 'sourceRef' in beside || 'name' in beside)) return FIELD_NAME.test(value);
  if (!NAME.test(value)) return false;
  if (value.includes('-') && OBJECT_WORDS.test(value) && value.split(/[-./]/).every((word) => WORD.test(word))) return true;
  return OBJECTS.has(kind) && !VALUE_BEFORE.test(name) && value.split(/[-./]/).every((word) => WORD.test(word));
}
