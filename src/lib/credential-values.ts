/** Whether a value could be a credential at all, or is a reference, a setting or a place to fill in. */

const REFERENCE =
  /^(?:\$\(|\$\{|\$[A-Za-z_]\w*$|\{\{|<%|%\w+%$|\(\(|__\w+__$|@\w+@$|(?:vault|enc|ref|ref\+\w+|op|ssm|awsssm|awssecret|kms|gcpsecretmanager|sm|akv|azurekeyvault|berglas|file|env|secret|secretref|conjur|chamber|sops|keyring|aws|doppler):|ENC\[|\{cipher\}|!vault|\$ANSIBLE_VAULT|arn:|projects\/[^/]+\/secrets\/|<path:|@Microsoft\.KeyVault)/i;
const WORDS = new Set(
  'true false yes no on off none null nil undefined enabled disabled enable disable required optional default auto always never unset empty n/a na tbd ifnotpresent'.split(
    ' ',
  ),
);
const NUMBER = /^[+-]?\d+(?:[._,:]\d+)*\s*(?:[smhdwy]|ms|us|ns|%|[kmgtp]i?b?|min|sec|secs|seconds|minutes|hours|days|bits?|bytes?)?$/i;
/** Between two slashes there is at most one way to read a name: the time stays linear. */
const PATH = /^(?:~|\.{1,2})?\/(?:[\w.@%+,:-]{1,64}\/)*[\w.@%+,:-]{0,64}$|^[A-Za-z]:\\|^file:\/\//;
const URL = /^[a-z][a-z0-9+.-]*:\/\//i;
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:svc|local|com|org|net|io|dev|cluster\.local)(?::\d+)?$/i;
const FILE_NAME = /^[\w./-]{1,128}\.(?:pem|crt|cer|key|p12|pfx|jks|json|ya?ml|txt|env|conf|toml|ini|properties|kubeconfig)$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The value names where the credential is kept, or is encrypted where it stands. */
export function isReference(value: string): boolean {
  return REFERENCE.test(value) || value.includes('$(') || value.includes('${') || value.includes('{{');
}

/** Booleans, numbers, durations, paths, addresses. A number of four digits and more can be a password. */
export function isPlainValue(value: string, isPassword: boolean): boolean {
  if (WORDS.has(value.toLowerCase())) return true;
  if (NUMBER.test(value)) return !isPassword || !/^\d{4,}$/.test(value);
  return PATH.test(value) || URL.test(value) || HOST.test(value) || FILE_NAME.test(value);
}

const PLACEHOLDER =
  /^(?:<.*>|\[.*\]|x{3,}|\*{3,}|\.{3,}|_+|-+|\?+|0+|(?:your|insert|replace|enter|put|add|fill)[-_ ].*|(?:your|my)[-_ ]?(?:password|secret|token|key|api[-_ ]?key)|todo|fixme|redacted|masked|hidden|placeholder|dummy|example|sample|to[-_ ]?be[-_ ].*|.*replace[-_ ]?me.*|.*[-_ ]here|.*_goes_here)$/i;

/** Text that waits to be replaced, so that nothing is given away yet. */
export function isPlaceholder(value: string): boolean {
  return value.length <= 80 && PLACEHOLDER.test(value);
}

/** Looks random: long, of several kinds of characters, and with no letter ruling. */
export function isHighEntropy(value: string): boolean {
  if (value.length < 20 || value.length > 4096 || /\s/.test(value) || UUID.test(value)) return false;
  if (/^sha\d+:|@sha256:/.test(value) || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  const perCharacter = entropyOf(value);
  return /^[0-9a-f]+$/i.test(value) ? value.length >= 32 && perCharacter >= 3 : perCharacter >= 3.7 && !isWordy(value);
}

/** Words with separators, such as the names of hosts and settings. */
function isWordy(value: string): boolean {
  const words = value.split(/[^A-Za-z0-9]+/);
  return words.length > 2 && words.every((word) => /^(?:[A-Z]?[a-z]+|[A-Z]+|\d{1,4})?\d{0,3}$/.test(word));
}

/** Shannon entropy in bits for each character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
