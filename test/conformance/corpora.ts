/**
 * Where the public corpora stand: beside a checkout, not in it. Tests that need them are skipped by name without
 * them; where CASTELLAN_REQUIRE_CORPORA is set, as in CI, their absence is an error.
 */
import { existsSync, readFileSync } from 'node:fs';

const SHARED = new URL('../../../shared/', import.meta.url);

/** A file or folder, such as `corpora/posture/scanner-cases/trivy-checks.ndjson`. */
export function shared(path: string): URL {
  return new URL(path, SHARED);
}

export function isHere(path: string): boolean {
  if (existsSync(shared(path))) return true;
  if ((process.env.CASTELLAN_REQUIRE_CORPORA ?? '') !== '')
    throw new Error(`../shared/${path} is absent, but CASTELLAN_REQUIRE_CORPORA is set`);
  return false;
}

export function readText(path: string): string {
  return readFileSync(shared(path), 'utf8');
}

export function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}

/** One JSON document a line. The caller names the shape, which the README beside the corpus describes. */
export function readLines<T>(path: string): T[] {
  return readText(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
