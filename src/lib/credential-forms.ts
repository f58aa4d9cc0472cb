/** Credentials that show themselves by their form, whatever they are called: the prefixes that providers give them. */

interface Form {
  kind: string;
  /** Texts of which one must be there, so that the pattern runs on few values only. */
  hints: readonly string[];
  pattern: RegExp;
}

const FORMS: readonly Form[] = [
  // Test corpora write the blank as a dash.
  { kind: 'private key', hints: ['PRIVATE'], pattern: /-{3,5}\s?BEGIN (?:[A-Z0-9]+ )*PRIVATE[ -]KEY(?: BLOCK)?\s?-{3,5}/ },
  { kind: 'AWS access key id', hints: ['AKIA', 'ASIA'], pattern: /(?<![A-Za-z0-9+/])A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Za-z0-9+/])/ },
  { kind: 'JSON web token', hints: ['eyJ'], pattern: /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/ },
  {
    kind: 'GitHub token',
    hints: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: /(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{22,255})/,
  },
  { kind: 'GitLab token', hints: ['glpat-', 'gldt-', 'glrt-', 'glptt-'], pattern: /(?<!\w)gl(?:pat|dt|rt|ptt)-[\w-]{20,}/ },
  { kind: 'Slack token', hints: ['xox'], pattern: /(?<!\w)xox[abeoprs]-[A-Za-z0-9-]{10,}/ },
  { kind: 'Slack webhook', hints: ['hooks.slack.com/'], pattern: /hooks\.slack\.com\/services\/T\w{6,}\/B\w{6,}\/\w{16,}/ },
  { kind: 'Google API key', hints: ['AIza'], pattern: /(?<!\w)AIza[\w-]{35}(?![\w-])/ },
  { kind: 'Google OAuth secret', hints: ['GOCSPX-'], pattern: /(?<!\w)GOCSPX-[\w-]{28}/ },
  { kind: 'Stripe key', hints: ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_'], pattern: /(?<!\w)[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/ },
  { kind: 'SendGrid key', hints: ['SG.'], pattern: /(?<!\w)SG\.[\w-]{16,32}\.[\w-]{32,64}/ },
  { kind: 'npm token', hints: ['npm_'], pattern: /(?<!\w)npm_[A-Za-z0-9]{36}(?!\w)/ },
  { kind: 'PyPI token', hints: ['pypi-AgE'], pattern: /(?<!\w)pypi-AgE[\w-]{50,}/ },
  {
    kind: 'OpenAI key',
    hints: ['sk-proj-', 'T3BlbkFJ'],
    pattern: /(?<!\w)sk-(?:proj-)?[\w-]{0,120}T3BlbkFJ[\w-]{16,}|(?<!\w)sk-proj-[\w-]{40,}/,
  },
  { kind: 'Anthropic key', hints: ['sk-ant-'], pattern: /(?<!\w)sk-ant-[\w-]{32,}/ },
  { kind: 'Vault token', hints: ['hvs.', 'hvb.'], pattern: /(?<!\w)hv[sb]\.[\w-]{24,}/ },
  { kind: 'DigitalOcean token', hints: ['dop_v1_', 'doo_v1_'], pattern: /(?<!\w)do[op]_v1_[0-9a-f]{64}/ },
  { kind: 'Shopify token', hints: ['shpat_', 'shpss_', 'shpca_'], pattern: /(?<!\w)shp(?:at|ss|ca)_[0-9a-fA-F]{32}/ },
  { kind: 'Databricks token', hints: ['dapi'], pattern: /(?<!\w)dapi[0-9a-f]{32}(?!\w)/ },
  { kind: 'Hugging Face token', hints: ['hf_'], pattern: /(?<!\w)hf_[A-Za-z0-9]{34,}/ },
  { kind: 'Azure storage key', hints: ['AccountKey='], pattern: /AccountKey=[A-Za-z0-9+/]{40,}={0,2}/ },
  { kind: 'age private key', hints: ['AGE-SECRET-KEY-'], pattern: /AGE-SECRET-KEY-1[0-9A-Z]{50,}/ },
  {
    kind: 'password in a connection string',
    hints: ['assword=', 'wd='],
    pattern: /;\s*(?:[Pp]assword|[Pp]wd)=(?![$<{%(*]|\s*;)[^;\s]{3,}/,
  },
];

/** The password of `scheme://user:password@host`. */
const URL_LOGIN = /[a-z][a-z0-9+.-]{1,30}:\/\/([^\s/:@"'<>]{0,128}):([^\s/@"']{1,256})@[\w.$[({-]/i;
const BEARER = /^(?:bearer|basic)\s+([\w.~+/=-]{8,})$/i;
const BASE64 = /^[A-Za-z0-9+/\n\r]+={0,2}$/;

/** What kind of credential a text holds, if its form tells. */
export function tokenKind(text: string): string | undefined {
  if (text.length < 12) return undefined;
  return plainKind(text) ?? decodedKind(text);
}

/** Any hint at all: nearly every text has none, and one look is faster than fifty. */
const ANY_HINT = new RegExp(FORMS.flatMap(({ hints }) => hints.map((hint) => hint.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('|'));

function plainKind(text: string): string | undefined {
  const form = ANY_HINT.test(text)
    ? FORMS.find(({ hints, pattern }) => hints.some((hint) => text.includes(hint)) && pattern.test(text))
    : undefined;
  if (form !== undefined) return form.kind;
  if (text.includes('://') && text.includes('@')) {
    const [, user = '', password] = URL_LOGIN.exec(text) ?? [];
    if (password !== undefined && !isStandIn(user, password)) return 'password in a URL';
  }
  if (text.length < 4096 && (text[0] === 'B' || text[0] === 'b')) {
    const value = BEARER.exec(text)?.[1];
    if (value !== undefined && /\d/.test(value)) return 'authorization header';
  }
  return undefined;
}

/** The same forms behind one layer of base64. */
function decodedKind(text: string): string | undefined {
  if (text.length < 24 || text.length > 65536) return undefined;
  const encoded = text.trimEnd();
  if (!BASE64.test(encoded)) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('latin1');
  // Random bytes hold no credential in plain text.
  if (!PRINTABLE.test(decoded)) return undefined;
  return plainKind(decoded);
}
const PRINTABLE = /^[\x20-\x7e\s]+$/;

/** `$(PASSWORD)`, `{{ .pass }}`, `<password>`, `***`, `%s`: what stands for a password; `user:password` is how manuals write it. */
function isStandIn(user: string, password: string): boolean {
  if (/^(?:\$|\{|<|%|\[|\*+$|x+$|\.+$)/i.test(password) || password.includes('$(') || password.includes('${')) return true;
  return /^(?:user|username|usr|foo)$/i.test(user) && /^(?:pass|password|passwd|pwd|pw|bar)$/i.test(password);
}
