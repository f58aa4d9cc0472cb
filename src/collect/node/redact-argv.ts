/** The words of a command without the credentials in them. */
import { credentialReplacer } from '../../lib/mask.ts';
import { redactedAs, redactionOf } from '../../lib/redaction.ts';

const REPLACE = credentialReplacer((value, credential) => redactionOf(credential, value));
/** What k3s and RKE2 sign in with: whatever stands there is one. */
const TOKEN = /^--?(?:t|token|agent-token|vpn-auth)$/;
const WITH_TOKEN = /^(--?(?:t|token|agent-token|vpn-auth)=)([^]+)$/;
/** The join token of k0s is a packed kubeconfig and has no flag. */
const PACKED = /^H4sI[\w+/=-]{60,}$/;

export function withoutCredentials(argv: readonly string[]): string[] {
  const isRancher = argv.some((word) => /(?:^|\/)(?:k3s|rke2)(?:-server|-agent)?:?$/.test(word));
  return (REPLACE(isRancher ? argv.map(withoutToken) : argv) as string[]).map((word) => (PACKED.test(word) ? markOf(word) : word));
}

/** A variable of a unit: its value may be one word, or the words of a part of a command. */
export function withoutCredentialsIn(word: string, split: (text: string) => string[]): string {
  const [, name = '', value] = /^([A-Za-z_]\w*=)([^]*)$/.exec(word) ?? [];
  if (value === undefined || !/\s/.test(value)) return word;
  const before = split(value);
  const after = withoutCredentials(['k3s', ...before]).slice(1);
  return before.every((each, index) => each === after[index]) ? word : name + after.join(' ');
}

function withoutToken(word: string, index: number, argv: readonly string[]): string {
  const [, flag, value] = WITH_TOKEN.exec(word) ?? [];
  if (flag !== undefined && value !== undefined) return flag + markOf(value);
  const before = argv[index - 1];
  return before !== undefined && TOKEN.test(before) ? markOf(word) : word;
}

function markOf(value: string): string {
  return redactedAs(value) === undefined ? redactionOf({ kind: 'token', by: 'name' }, value) : value;
}
