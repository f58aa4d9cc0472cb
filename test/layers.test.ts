/** The lint that keeps the rooms apart, tried on planted breaches: a lint that cannot fail proves nothing. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-layers-'));
  for (const file of ['oxlint.config.ts', 'tsconfig.json', 'package.json', 'tools/rooms.ts']) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  plant('src/lib/thing.ts', 'export const thing = 1;\n');
  plant('src/model/index.ts', "export { inner } from './inner.ts';\n");
  plant('src/model/inner.ts', 'export const inner = 1;\n');
  plant('src/rules/index.ts', 'export const rule = 1;\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function plant(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function lint(file: string, text: string): { status: number | null; output: string } {
  plant(file, text);
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/oxlint'), ['-c', 'oxlint.config.ts', file], {
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(join(folder, file));
  return { status, output: stdout + stderr };
}

describe('the lint', () => {
  it.each([
    [
      'a room that stands left',
      'src/model/breach.ts',
      "import { rule } from '../rules/index.ts';\nexport const value = rule;\n",
      'src/model may not import',
    ],
    [
      'a room that stands left, from below',
      'src/engines/rbac/breach.ts',
      "import { rule } from '../../rules/index.ts';\nexport const value = rule;\n",
      'src/engines may not import',
    ],
    [
      'collect from what judges',
      'src/rules/area/breach.ts',
      "import { x } from '../../collect/manifests/index.ts';\nexport const value = x;\n",
      'src/rules may not import',
    ],
    [
      'model from collect',
      'src/collect/breach.ts',
      "import { inner } from '../model/index.ts';\nexport const value = inner;\n",
      'src/collect may not import',
    ],
    [
      'past the door of a room',
      'src/rules/breach.ts',
      "import { inner } from '../model/inner.ts';\nexport const value = inner;\n",
      'import src/model through its index.ts',
    ],
    ['a default export', 'src/lib/breach.ts', 'export default 1;\n', 'no-default-export'],
    ['any', 'src/lib/breach.ts', 'export const value: any = 1;\n', 'no-explicit-any'],
  ])('refuses %s', (_name, file, text, message) => {
    const { status, output } = lint(file, text);
    expect(output).toContain(message);
    expect(status).toBe(1);
  });

  it('refuses an import cycle', () => {
    plant('src/lib/a.ts', "import { b } from './b.ts';\nexport const a = (): number => b();\n");
    const { status, output } = lint('src/lib/b.ts', "import { a } from './a.ts';\nexport const b = (): number => a();\n");
    rmSync(join(folder, 'src/lib/a.ts'));
    expect(output).toContain('no-cycle');
    expect(status).toBe(1);
  });

  it('allows what stands right, through its door', () => {
    const { status, output } = lint(
      'src/rules/area/fine.ts',
      "import { thing } from '../../lib/thing.ts';\nimport { inner } from '../../model/index.ts';\nexport const value = thing + inner;\n",
    );
    expect(output).toContain('0 errors');
    expect(status).toBe(0);
  });
});
