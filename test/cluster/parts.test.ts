import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stepsOf } from './build/recipes.ts';
import { builtFolder, folderToBuild, PARTS, RELEASES } from './parts.ts';

describe('parts of test clusters', () => {
  let cache = '';
  const before = process.env.XDG_CACHE_HOME;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'castellan-parts-'));
    process.env.XDG_CACHE_HOME = cache;
  });
  afterEach(() => {
    rmSync(cache, { recursive: true });
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });

  it('have folders of their own in the cache, one for each version of Go', () => {
    const folders = PARTS.flatMap((part) => ['go1.26.8-amd64', 'go1.27.0-arm64'].map((go) => folderToBuild(part, go)));
    expect(new Set(folders).size).toBe(folders.length);
    expect(folders.every((folder) => folder.startsWith(join(cache, 'castellan-cluster')))).toBe(true);
    expect(basename(folders[0] ?? '')).toMatch(/^control-1\.36\.3-[\da-f]{16}-go1\.26\.8-amd64$/u);
  });

  it('are not there until they are built', () => {
    expect(PARTS.map(builtFolder)).toEqual(PARTS.map(() => undefined));
    mkdirSync(join(cache, 'castellan-cluster', '.building-x'), { recursive: true });
    expect(builtFolder('kwok')).toBeUndefined();
  });

  it.each(RELEASES)('are built from the module of the release that they say, %s', (release) => {
    const [step] = stepsOf(`control-${release}`, '/into/');
    expect(step?.args.join(' ')).toContain(`.gitVersion=v${release} `);
  });
});
