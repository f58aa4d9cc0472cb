import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Walk, walk } from './walk.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-walk-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), '');
  }
}

/** Paths below the root. */
function walked(...paths: string[]): Omit<Walk, 'gaps'> & { gaps: string[] } {
  const found = walk(paths.map((path) => (path === '-' ? path : join(root, path))));
  const short = (list: readonly string[]): string[] => list.map((path) => (path === '-' ? path : relative(root, path)));
  return {
    files: short(found.files),
    charts: short(found.charts),
    kustomizations: short(found.kustomizations),
    gaps: found.gaps.map(({ scope, code }) => `${relative(root, scope)} ${code}`),
  };
}

describe('walk', () => {
  it('finds manifests in an order that does not depend on the disk', () => {
    put('b.yaml', 'a.yml', 'c.JSON', 'd.txt', 'sub/z.yaml', 'sub/a.json', '.hidden/x.yaml', 'Makefile');
    expect(walked('.').files).toEqual(['.hidden/x.yaml', 'a.yml', 'b.yaml', 'c.JSON', 'sub/a.json', 'sub/z.yaml']);
  });

  it('leaves out what others made', () => {
    put('node_modules/x/a.yaml', '.git/config.yaml', '.terraform/a.json', 'ok.yaml');
    expect(walked('.').files).toEqual(['ok.yaml']);
  });

  it('reads what is named, whatever it is called, and once', () => {
    put('plain', 'a.yaml', 'sub/b.yaml');
    expect(walked('plain', 'sub', 'sub/b.yaml', 'a.yaml', 'a.yaml', '-').files).toEqual(['plain', 'sub/b.yaml', 'a.yaml', '-']);
    expect(walked('sub/../a.yaml', '.').files).toEqual(['a.yaml', 'plain', 'sub/b.yaml'].filter((name) => name !== 'plain'));
  });

  it('leaves templates of a chart to Helm, and finds kustomizations', () => {
    put(
      'chart/Chart.yaml',
      'chart/values.yaml',
      'chart/templates/x.yaml',
      'chart/crds/y.yaml',
      'templates/z.yaml',
      'k/kustomization.yaml',
      'k/a.yaml',
      'l/Kustomization',
    );
    const { files, charts, kustomizations } = walked('.');
    expect(files).toEqual(['chart/crds/y.yaml', 'chart/values.yaml', 'k/a.yaml', 'templates/z.yaml']);
    expect(charts).toEqual(['chart']);
    expect(kustomizations).toEqual(['k', 'l']);
  });

  it('follows links inside, once, and none that lead out', () => {
    put('in/a.yaml', 'in/sub/b.yaml', 'out/secret.yaml');
    symlinkSync(join(root, 'in/a.yaml'), join(root, 'in/link.yaml'));
    symlinkSync('..', join(root, 'in/sub/up'));
    symlinkSync(join(root, 'out/secret.yaml'), join(root, 'in/stolen.yaml'));
    symlinkSync(join(root, 'out'), join(root, 'in/dir'));
    symlinkSync('self.yaml', join(root, 'in/self.yaml'));
    symlinkSync('nowhere', join(root, 'in/dangling.yaml'));
    symlinkSync('nowhere', join(root, 'in/dangling'));
    const { files, gaps } = walked('in');
    expect(files).toEqual(['in/a.yaml', 'in/sub/b.yaml']);
    expect(gaps).toEqual(['in/dangling.yaml unreadable', 'in/dir unreadable', 'in/self.yaml symlink-loop', 'in/stolen.yaml unreadable']);
  });

  it('reads a file once, however many links lead to it', () => {
    put('in/m.yaml', 'in/sub/x.txt', 'in/chart/Chart.yaml', 'in/chart/templates/t.yaml');
    symlinkSync('m.yaml', join(root, 'in/a.yaml'));
    symlinkSync('a.yaml', join(root, 'in/z.yaml'));
    symlinkSync('x.txt', join(root, 'in/sub/one.yaml'));
    symlinkSync('x.txt', join(root, 'in/sub/two.yaml'));
    expect(walked('in').files).toEqual(['in/m.yaml', 'in/sub/one.yaml']);
    expect(walked('in', 'in/a.yaml').files).toEqual(['in/m.yaml', 'in/sub/one.yaml', 'in/a.yaml']);
  });

  it('does not take a folder beside for one inside', () => {
    put('in/a.yaml', 'in-other/b.yaml');
    symlinkSync(join(root, 'in-other/b.yaml'), join(root, 'in/b.yaml'));
    expect(walked('in').gaps).toEqual(['in/b.yaml unreadable']);
  });

  it('follows a link that the user names', () => {
    put('real/a.yaml');
    symlinkSync('real', join(root, 'link'));
    expect(walked('link').files).toEqual(['link/a.yaml']);
  });

  it('says what is wrong with a path that is named', () => {
    symlinkSync('loop', join(root, 'loop'));
    expect(() => walked('absent')).toThrow(expect.objectContaining({ code: 'CAS_NOT_FOUND' }) as Error);
    expect(() => walked('loop')).toThrow(expect.objectContaining({ code: 'CAS_UNREADABLE' }) as Error);
  });
});
