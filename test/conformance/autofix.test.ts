/** Edits of YAML that keep the text, against the cases of another tool's fixes: byte for byte. */
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { parsePath, toPointer, valueAt } from '../../src/lib/field-path.ts';
import type { PatchOperation } from '../../src/lib/json-patch.ts';
import { editYaml } from '../../src/lib/yaml-edit.ts';
import { isHere, readLines } from './corpora.ts';

const FILE = 'corpora/posture/autofix/yaml-edits.ndjson';

interface Case {
  id: string;
  edit: readonly string[];
  input: string;
  expected: string;
}

const CASES: readonly Case[] = isHere(FILE) ? readLines<Case>(FILE) : [];

/** The edits are written for yq: `del(PATH)`, `PATH |= VALUE`, `PATH += LIST`. */
function operations(edit: string, text: string): PatchOperation[] {
  const removed = /^del\(select\(di==0\)\.(.*)\)$/.exec(edit)?.[1];
  if (removed !== undefined) return [{ op: 'remove', path: toPointer(parsePath(removed)) }];
  const [, path = '', operator, value = ''] = /^select\(di==0\)\.(\S+) (\|=|\+=) (.*)$/.exec(edit) ?? [];
  const [root, segments] = [parse(text) as unknown, parsePath(path)];
  let depth = segments.length;
  while (valueAt(root, segments.slice(0, depth)) === undefined && depth > 1) depth -= 1;
  const given = parse(value) as unknown;
  const list = Array.isArray(given) ? (given as unknown[]) : [given];
  if (operator === '+=' && depth === segments.length)
    return list.map((one) => ({ op: 'add', path: `${toPointer(segments)}/-`, value: one }));
  const isThere = depth === segments.length;
  let nested: unknown = operator === '+=' ? list : given;
  for (const segment of segments.slice(depth + 1).toReversed()) nested = { [segment]: nested };
  return [{ op: 'add', path: toPointer(isThere ? segments : segments.slice(0, depth + 1)), value: nested }];
}

describe.skipIf(CASES.length === 0)('edits that keep the text', () => {
  test.each(CASES)('$id', ({ edit, input, expected }) => {
    let text = input;
    for (const one of edit) text = editYaml(text, { document: 0, patch: operations(one, text) });
    expect(text).toBe(expected);
  });
});
