/** Commands and their arguments: what a flag is followed by, and what single letters mean to well-known programs. */
import type { credentialReplacer } from '../../lib/mask.ts';
import { isRedacted } from '../../lib/redaction.ts';
import { isReference, mustHide } from './must-hide.ts';
import { hidden, redactLine } from './redact-words.ts';

/** By program the letter after which a password stands; `login` where only that command takes it. */
const LETTERS: Readonly<Record<string, RegExp>> = {
  'redis-cli': /^-a$/,
  'valkey-cli': /^-a$/,
  sshpass: /^-p$/,
  mongo: /^-p$/,
  mongosh: /^-p$/,
  mongodump: /^-p$/,
  mongorestore: /^-p$/,
  mongoexport: /^-p$/,
  mongoimport: /^-p$/,
  docker: /^-p$/,
  podman: /^-p$/,
  helm: /^-p$/,
  oc: /^-p$/,
  cqlsh: /^-p$/,
  rabbitmqadmin: /^-p$/,
  sqlcmd: /^-P$/,
  ldapsearch: /^-w$/,
  ldapmodify: /^-w$/,
  ldapadd: /^-w$/,
  influx: /^-password$/,
};
/** `-pX` without a blank. */
const GLUED: Readonly<Record<string, RegExp>> = {
  mysql: /^(-p)(.+)$/,
  mysqldump: /^(-p)(.+)$/,
  mysqladmin: /^(-p)(.+)$/,
  mariadb: /^(-p)(.+)$/,
  'mariadb-dump': /^(-p)(.+)$/,
  'mariadb-admin': /^(-p)(.+)$/,
  'redis-cli': /^(-a)(.+)$/,
  sshpass: /^(-p)(.+)$/,
  mongodump: /^(-p)(.+)$/,
};
const LOGIN_FLAG = /^(?:-u|-U|--user|--proxy-user|--creds|--src-creds|--dest-creds|--basic-auth|--auth)$/;
const LOGIN = /^([^\s:/=]+:)(?!\/\/)(\S.*)$/;

type Replace = ReturnType<typeof credentialReplacer>;

/** Changes the list. `before` is what comes first in the same command: the entry `command` before the arguments. */
export function redactCommand(
  list: unknown[],
  { before, replace, file }: { before: unknown; replace: Replace; file: (text: string) => string },
): void {
  const spoken = replace([...list]) as unknown[];
  let program = programIn(Array.isArray(before) ? (before as unknown[]) : []);
  for (let index = 0; index < list.length; index += 1) {
    const written = list[index];
    if (typeof written !== 'string') continue;
    const flag = list[index - 1];
    list[index] = isRedacted(String(spoken[index]))
      ? redactLine(String(spoken[index]))
      : argument(written, typeof flag === 'string' ? flag : '', program, file);
    program = programOf(written) ?? program;
  }
}

// oxlint-disable-next-line max-params -- one argument and all that gives it its meaning
function argument(written: string, flag: string, program: string, file: (text: string) => string): string {
  if (flag.startsWith('-') && !written.startsWith('-') && !isReference(written)) {
    const kind = /^--?[A-Za-z][\w.-]*$/.test(flag) ? mustHide(flag.replace(/^-+/, ''), written) : undefined;
    if (kind !== undefined) return hidden(kind, written);
    if (LETTERS[program]?.test(flag) === true) return hidden('password', written);
    const [, user = '', password] = LOGIN_FLAG.test(flag) ? (LOGIN.exec(written) ?? []) : [];
    if (password !== undefined && !isReference(password) && !/^\d+$/.test(written.replace(':', '')))
      return user + hidden('password', password);
  }
  const [, letter = '', glued] = GLUED[program]?.exec(written) ?? [];
  if (glued !== undefined && !isReference(glued)) return letter + hidden('password', glued);
  return file(written);
}

function programIn(words: readonly unknown[]): string {
  for (const word of words.toReversed()) {
    const program = typeof word === 'string' ? programOf(word) : undefined;
    if (program !== undefined) return program;
  }
  return '';
}

/** The last part of a path, where it is a program that we know. */
function programOf(word: string): string | undefined {
  if (word.startsWith('-') || word.length > 100) return undefined;
  const name = word.slice(word.lastIndexOf('/') + 1);
  return Object.hasOwn(LETTERS, name) || Object.hasOwn(GLUED, name) ? name : undefined;
}
