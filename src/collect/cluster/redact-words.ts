/** Credentials in a line: of a command, a file, a message. What is around them stays. */
import { tokenKind } from '../../lib/credential-forms.ts';
import { secretRanges } from '../../lib/mask-settings.ts';
import { isRedacted, redactionOf, withoutMarks } from '../../lib/redaction.ts';
import { isReference, mustHide } from './must-hide.ts';

/** Stands for a value of which the detector says nothing. */
export function hidden(kind: string, value: string): string {
  return redactionOf({ kind, by: 'hidden' }, value);
}

/** Where values stand that no `name=` goes before. Group 1 stays, group 2 is hidden, and the rest stays. */
export interface Place {
  kind: string;
  /** Looked for first, as most lines have none of it. */
  hint: RegExp;
  pattern: RegExp;
}

const PLACES: readonly Place[] = [
  {
    kind: 'credential',
    hint: /\bvalue["']?\s*:/,
    pattern:
      /(\b(?:name|key)["']?\s*:\s*["']?[\w.-]{0,80}(?:password|passwd|pwd|secret|token|api_?key|private_?key|access_?key)["']?\s*,\s*["']?value["']?\s*:\s*["']?)([^"',}\]\s]+)/gi,
  },
  {
    kind: 'token in a URL',
    hint: /[?&;]|sig=/,
    pattern:
      /((?:[?&;]|^|\s|"|')(?:sig|signature)=|[?&](?:[\w.-]{0,40}(?:token|secret|password|passwd|pwd|api_?key|apikey|access_?key|signature|credential)s?|auth|code|key)=)([^&#\s"'<>;]+)/gi,
  },
  {
    kind: 'password in a URL',
    hint: /@/,
    pattern: /((?:^|[\s"'=,(])[\w.-]{1,64}:)([^\s:@/"'()]{1,256})(?=@(?:(?:tcp|udp|unix)?\(|[\w.-]{1,255}(?::\d{1,5})?\/))/g,
  },
  {
    kind: 'password in a URL',
    hint: /:\/\//,
    pattern: /([a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@"'<>]{0,128}:)([^\s@"']{1,256})(?=@[\w.$[({-])/gi,
  },
  {
    kind: 'password',
    hint: /\bIDENTIFIED\b|\bPASSWORD\b/i,
    pattern: /(\b(?:IDENTIFIED\s+(?:WITH\s+\S+\s+)?(?:BY|AS)|PASSWORD)\s+(?:PASSWORD\s+)?\\?['"])([^'"\\]+)/gi,
  },
  {
    kind: 'password',
    hint: /<[^>]*(?:pass|pwd|secret|token|key)/i,
    pattern: /(<(?:[\w-]+:)?[\w.-]*(?:password|passwd|pwd|passphrase|secret|token|api-?key|private-?key)(?:\s[^<>]*)?>\s*)([^<\s][^<]*)/gi,
  },
  {
    kind: 'password',
    hint: /\bvalue=/,
    pattern: /(\b(?:name|key)=["'][^"']*(?:password|passwd|pwd|secret|token|apikey|api[-_.]key)["']\s+value=["'])([^"']+)/gi,
  },
  {
    kind: 'password',
    hint: /=>|define\(/,
    pattern:
      /((?:["']|:)[\w.-]*(?:password|passwd|pwd|passphrase|secret|token|api_?key|private_?key|access_?key)["']?\s*(?:=>|,)\s*["'])([^"']+)/gi,
  },
  {
    kind: 'password',
    hint: /^\s*\w+[ \t]/,
    pattern:
      /^(\s*(?:requirepass|masterauth|[\w-]{1,40}[_-]password|password|passwd|passphrase|secret|token|bindpw|authpass|auth_pass)[ \t]+["']?)([^\s"'=:]+)(?=["']?[ \t]*;?(?:#.*)?$)/gi,
  },
  { kind: 'password', hint: /password|passwd/i, pattern: /(\b(?:login|user|account)\s+\S+\s+(?:(?:insecure-)?password|passwd)\s+)(\S+)/gi },
  { kind: 'password', hint: /^\s*(?:insecure-)?password|machine/i, pattern: /(\bmachine\s+\S+\s(?:.{0,300}\s)?password\s+)(\S+)/gi },
  { kind: 'password', hint: /stats\s+auth/, pattern: /(stats\s+auth\s+[^\s:]+:)(\S+)/g },
  { kind: 'password', hint: /^user\s.*>/, pattern: /(^user\s.*\s>)(\S+)/g },
  { kind: 'password', hint: /^[^\s:]+:(?:\d+|\*):[^:]*:[^:]*:/, pattern: /^([^\s:#]+:(?:\d+|\*):[^:\s]*:[^:\s]*:)(\S+)$/g },
  {
    kind: 'authorization header',
    hint: /authorization/i,
    pattern: /(authorization\\?["']?\s*[:=]\s*\\?["']?(?:(?:Basic|Bearer|Token|ApiKey|Digest)\s+)?)([^\s"'\\]+)/gi,
  },
  {
    kind: 'password',
    hint: /mysql|mariadb/,
    pattern: /(\b(?:mysql|mariadb)[\w-]*\s(?:[^\n|;&]{0,300}\s)?-p)([^\s"'|;&]+|"[^"]*"|'[^']*')/g,
  },
  {
    kind: 'password',
    hint: /curl|wget|http|--user|--creds/,
    pattern:
      /(\b(?:curl|skopeo|http|https|lftp)\s(?:[^\n|;&]{0,300}\s)?(?:-u|-U|--user|--proxy-user|--(?:src-|dest-)?creds|-a|--auth)[ =]?["']?[^\s:"'|;&]+:)([^\s"'|;&]+)/g,
  },
  { kind: 'password', hint: /\s-[paPw]/, pattern: /(\b(?:redis-cli|valkey-cli)\s(?:[^\n|;&]{0,300}\s)?-a[ ]?)([^\s|;&]+)/g },
  {
    kind: 'password',
    hint: /\s-[pPw]/,
    pattern:
      /(\b(?:sshpass|mongo\w*|cqlsh|influx|rabbitmqadmin|(?:docker|podman|helm registry|buildah|oras|crane auth)\s+login|oc\s+login|sqlcmd)\s(?:[^\n|;&]{0,300}\s)?-[pP][ ]?)([^\s|;&-][^\s|;&]*)/g,
  },
  { kind: 'password', hint: /ldap/, pattern: /(\bldap\w+\s(?:[^\n|;&]{0,300}\s)?-w[ ]?)([^\s|;&]+)/g },
  {
    kind: 'password',
    hint: /-stdin/,
    pattern: /(\b(?:echo|printf)\s+(?:-n\s+)?["']?)([^\s"'|]+)(?=["']?\s*\|[^|]*--?(?:password|passwd|token)-stdin)/g,
  },
  { kind: 'password', hint: /\bpass:/, pattern: /(\s-pass(?:in|out)?[ =]["']?pass:)([^\s"']+)/g },
];

/** A text without any of this has no setting. */
const SPEAKS =
  /pass|pwd|secret|token|key|cred|jwt|bearer|auth|cookie|sig=|identified|curl|mysql|mariadb|redis-cli|ldap|\busers?\b|login|bindpw/i;
const SEPARATED = /[=\s:?&;>@]/;

/** Those places that some line of a text may be: a file is asked once, and not each of its lines. */
export function placesIn(text: string): readonly Place[] {
  return PLACES.filter((_, index) => HINTS[index]?.test(text));
}
const HINTS = PLACES.map(({ hint }) => new RegExp(hint.source, `${hint.flags}m`));

export function redactLine(text: string, places: readonly Place[] = PLACES): string {
  if (text.length < 6 || !SEPARATED.test(text)) return text;
  let left = text;
  if (text.includes('@') || text.includes(':') || SPEAKS.test(text)) {
    for (const { kind, hint, pattern } of places) if (hint.test(left)) left = left.replace(pattern, keeper(kind));
    if (SPEAKS.test(left)) left = redactSettings(left);
  }
  return byForm(left);
}

const keepers = new Map<string, (whole: string, before: string, value: string) => string>();
function keeper(kind: string): (whole: string, before: string, value: string) => string {
  let keep = keepers.get(kind);
  if (keep === undefined) {
    keep = (whole, before, value) =>
      isRedacted(value) || isReference(value) || /^[<*]/.test(value)
        ? whole
        : before + hidden(kind, value) + whole.slice(before.length + value.length);
    keepers.set(kind, keep);
  }
  return keep;
}

/** `name=value`, `name: value`, `--name value` anywhere in the text. */
function redactSettings(text: string): string {
  const ranges = secretRanges(text, (name, value) => mustHide(name, value) !== undefined);
  if (ranges === undefined) return hidden('text full of settings', text);
  let shown = '';
  let done = 0;
  for (const [from, to] of ranges) {
    const value = text.slice(from, to);
    shown += text.slice(done, from) + (isRedacted(value) ? value : hidden('credential', value));
    done = to;
  }
  return done === 0 ? text : shown + text.slice(done);
}

function byForm(text: string): string {
  const kind = text.length < 12 ? undefined : tokenKind(isRedacted(text) ? withoutMarks(text) : text);
  return kind === undefined ? text : hidden(kind, text);
}
