/** `castellan rbac generate`: the least roles that allow what was recorded, asked again before they are written. */
import {
  type LeastRights,
  type Need,
  type RefusedUse,
  needText,
  rolesFromUse,
  rolesShrunk,
  writeRoles,
} from '../changes/least-rights/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { plural } from '../lib/terminal.ts';
import type { UseRecord } from '../record/index.ts';
import type { Gap } from '../snapshot/index.ts';
import { readEvidence } from './fixes-input.ts';
import { tableText } from './net-input.ts';
import { type RbacFlags, readRbac, userName, warn } from './rbac-input.ts';

export interface RbacGenerateFlags extends RbacFlags {
  record?: string;
  audit?: string[];
  for?: string[];
  withDenied?: boolean;
}

const FORMATS = ['yaml', 'json', 'table'] as const;
const MOST_SHOWN = 12;

/** Exit code 1 where something recorded would be refused by what was made; nothing is written then but the JSON. */
export async function runRbacGenerate(paths: readonly string[], flags: RbacGenerateFlags): Promise<number> {
  const format = FORMATS.find((one) => one === (flags.format ?? 'yaml'));
  if (format === undefined)
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `rbac generate has no format "${flags.format}"`, {
      remedy: `The formats are: ${FORMATS.join(', ')}.`,
    });
  const record = await recordOf(flags);
  const only = flags.for === undefined ? undefined : new Set(flags.for.map(userName));
  for (const name of only ?? []) mustBeSeen(name, record);
  const options = { withDenied: flags.withDenied === true, ...(only !== undefined && { only }) };
  let failed = false;
  const isLive = flags.context !== undefined || flags.kubeconfig !== undefined;
  const input = paths.length > 0 || isLive ? await readRbac(paths, flags) : undefined;
  const made = input === undefined ? rolesFromUse(record, options) : rolesShrunk(input.rbac, record, options);
  failed = made.replay.refused.length > 0;
  if (format === 'json') stdout.write(documentOf(made, input === undefined ? 'new' : 'smaller', input?.gaps ?? []));
  else if (!failed) stdout.write(format === 'yaml' ? writeRoles(made) : tableOf(made));
  if (flags.quiet !== true || failed) tell(made, input !== undefined);
  stdout.end();
  return failed ? 1 : 0;
}

async function recordOf({ record: path, audit = [] }: RbacGenerateFlags): Promise<UseRecord> {
  const { record } = await readEvidence({ ...(path !== undefined && { record: path }), audit });
  if (record === undefined)
    throw new CastellanError('CAS_USAGE', 'rbac generate needs to know what was used', {
      remedy: 'Give a record with --record FILE (castellan record add makes it), or an audit log with --audit FILE.',
    });
  return record;
}

/** A role for somebody of whom nothing is known would be empty, and look like an answer. */
function mustBeSeen(name: string, { actors, requests }: UseRecord): void {
  if (requests.some(({ actor }) => actors[actor]?.name === name)) return;
  throw new CastellanError('CAS_USAGE', `the record has no request of "${name}"`, {
    remedy: 'Name a user as the audit log has it, or a service account as sa:NAMESPACE/NAME.',
  });
}

function tell({ roles, bindings, left, replay }: LeastRights, isSmaller: boolean): void {
  const { refused, requests, distinct, elsewhere } = replay;
  if (isSmaller)
    warn(`${plural(roles.length, 'role')} can be smaller, ${plural(left.length, 'role')} stay as they are for want of evidence`);
  else {
    warn(`${plural(roles.length, 'new role')} and ${plural(bindings.length, 'binding')}`);
    for (const { ref, notes } of roles.slice(0, MOST_SHOWN)) for (const note of notes) warn(`${ref}: ${note}`);
  }
  for (const { ref, why } of left.slice(0, MOST_SHOWN)) warn(`left as it is: ${ref}: ${why}`);
  if (left.length > MOST_SHOWN) warn(`and ${left.length - MOST_SHOWN} more, which -f json tells`);
  if (elsewhere > 0) warn(`${plural(elsewhere, 'recorded use')} no role of the input allows; they are looked at no further`);
  const asked = `${plural(requests, 'recorded request')} (${distinct} distinct) asked again`;
  if (refused.length === 0) {
    warn(`${asked}: all are allowed`);
    return;
  }
  warn(`${asked}: ${refused.length} would be refused, so nothing is written`);
  for (const one of refused.slice(0, MOST_SHOWN)) warn(`${one.who}: ${useText(one)}: ${one.why}`);
}

function tableOf({ roles }: LeastRights): string {
  const rows = roles.flatMap(({ ref, holders, rules, dropped }) => [
    ...rules.flatMap(({ needs }) => needs.map((need) => [ref, holders.join(', '), ...splitText(needText(need))])),
    ...(dropped.length > 0 ? [[ref, holders.join(', '), `${plural(dropped.length, 'right')} gone`, dropped.slice(0, 3).join(', ')]] : []),
  ]);
  return tableText(['ROLE', 'HOLDERS', 'MAY', 'SEEN'], rows);
}

/** `list pods: 3 requests, …` in its two parts; the second never holds a colon with a space. */
function splitText(text: string): [string, string] {
  const at = text.lastIndexOf(': ');
  return [text.slice(0, at), text.slice(at + 2)];
}

function documentOf({ roles, bindings, left, replay }: LeastRights, mode: 'new' | 'smaller', gaps: readonly Gap[]): string {
  const content = {
    schema: 'castellan/rbac-generate/v1',
    mode,
    roles: roles.map(({ ref, object, holders, rules, dropped, notes }) => ({
      ref,
      object,
      holders,
      rules: rules.map(({ needs }) => ({ evidence: needs.map(needJson) })),
      dropped,
      notes,
    })),
    bindings,
    left,
    replay: {
      ...replay,
      refused: replay.refused.map((one) => ({ who: one.who, what: useText(one), why: one.why, ...seenJson(seenOf(one)) })),
    },
    gaps,
  };
  return `${JSON.stringify(content)}\n`;
}

function needJson({ seen, ...need }: Need): Record<string, unknown> {
  return { ...need, ...seenJson(seen) };
}

function seenJson({ count, first, last }: Need['seen']): Record<string, unknown> {
  const text = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  return { count, first: text(first), last: text(last) };
}

function seenOf({ use: { allowed, unclear, denied, first, last } }: RefusedUse): Need['seen'] {
  return { count: allowed + unclear + denied, first, last };
}

function useText({ use: { asked } }: RefusedUse): string {
  const { verb, apiGroup, resource, subresource, namespace, name, path } = asked;
  if (resource === '') return `${verb} ${path === '' ? 'paths' : path}`;
  const what = [apiGroup === '' ? resource : `${resource}.${apiGroup}`, ...(subresource === '' ? [] : [subresource])].join('/');
  return [verb, what, name ?? '', namespace === '' ? '' : `in ${namespace}`].filter((part) => part !== '').join(' ');
}
