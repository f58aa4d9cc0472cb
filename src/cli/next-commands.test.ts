import { describe, expect, it } from 'vitest';
import { type Fix, State } from '../changes/index.ts';
import type { Files } from '../changes/edits/index.ts';
import { CLUSTER, type Origin, type Snapshot } from '../snapshot/index.ts';
import type { FixFlags } from './chosen-fixes.ts';
import type { NamedInput } from './fixes-input.ts';
import { nextCommands, nextLines } from './next-commands.ts';

const ACCOUNT = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'cart', namespace: 'shop' } };
const stateOf = (kind: Snapshot['header']['kind'], origin: Origin): State =>
  new State({ header: { kind, complete: true }, objects: [{ object: ACCOUNT, origin }], counts: {} as never, gaps: [] });
const FILES: Files = { read: () => undefined, folder: '' };

const fix = (target: string, node = false): Fix => {
  const patch = [{ op: 'add' as const, path: '/automountServiceAccountToken', value: false }];
  const onNode = { node: { node: 'n', operations: [], edits: [], run: [], back: [] } };
  return { change: { patches: [{ target, operation: 'patch', patch, ...(node && onNode) }], effort: 'low' } } as unknown as Fix;
};
const GOOD = fix('ServiceAccount/shop/cart');
const GONE = fix('ServiceAccount/shop/gone');

function commands(named: Partial<NamedInput>, flags: FixFlags, fixes: readonly Fix[] = [GOOD]): string[] {
  const input: NamedInput = { nodes: [], nodeFacts: [], paths: [], isAlone: false, ...named };
  return nextCommands({ named: input, flags }, { state: stateOf('cluster', CLUSTER), fixes, files: FILES });
}

describe('what to type next', () => {
  it('names what was read and every option that made the list, each as a shell takes it', () => {
    const flags: FixFlags = {
      context: 'my cluster',
      record: 'use.record',
      audit: ['a.log', 'b.log'],
      servers: '2',
      top: '9',
      on: '2026-08-22',
    };
    const rest = " --context 'my cluster' --record use.record --audit a.log --audit b.log --servers 2 --top 9 --on 2026-08-22";
    expect(commands({}, flags)).toEqual([
      `castellan explain 1${rest}`,
      `castellan fixes${rest} --patch > fix.patch`,
      `castellan apply 1 --dry-run${rest}`,
    ]);
    expect(commands({ paths: ["it's.yaml"], nodeFacts: ['n1.json'] }, { config: 'c.yaml' })[0]).toBe(
      String.raw`castellan explain 1 'it'\''s.yaml' --config c.yaml --node-facts n1.json`,
    );
  });

  it('makes the first fix that can be made by itself', () => {
    expect(commands({}, {}, [GONE, GOOD]).at(-1)).toBe('castellan apply 2 --dry-run');
    // What is done on a machine, and what only fits behind another one.
    expect(commands({}, {}, [fix('Node/n', true), GONE])).toEqual(['castellan explain 1', 'castellan fixes --patch > fix.patch']);
    expect(commands({ isAlone: true }, {})).toHaveLength(2);
  });

  it('changes files where files were read, and only where one of them takes it', () => {
    const text = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: cart, namespace: shop}\n';
    const origin = { source: 'a.yaml', text, line: 1, format: 'yaml', prefix: [] } as const;
    const state = stateOf('manifests', origin);
    const named = { nodes: [], nodeFacts: [], paths: ['a.yaml'], isAlone: false };
    const asked = (read: Files['read'], flags: FixFlags = {}): string[] =>
      nextCommands({ named, flags }, { state, fixes: [GOOD], files: { ...FILES, read } });
    expect(asked(() => text).at(-1)).toBe('castellan apply 1 --to-files a.yaml');
    // It is another file by now.
    expect(asked(() => `# new\n${text}`)).toHaveLength(2);
    // The chart that a cluster's objects are to come from does not hold the account.
    expect(commands({}, { source: ['chart/'] })).toEqual([
      'castellan explain 1 --source chart/',
      'castellan fixes --source chart/ --patch > fix.patch',
    ]);
  });
});

describe('on a screen', () => {
  const all = ['castellan explain 1', 'castellan fixes --patch'];

  it('stands on one line where that is wide enough, else on one line each', () => {
    const line = 'next      castellan explain 1    castellan fixes --patch';
    expect(nextLines(all, line.length)).toBe(line);
    expect(nextLines(all, line.length - 1)).toBe('next      castellan explain 1\n          castellan fixes --patch');
  });
});
