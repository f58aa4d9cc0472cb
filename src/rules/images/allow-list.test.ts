import { describe, expect, it } from 'vitest';
import { isValid, parseImage } from '../../engines/image-ref/index.ts';
import { entryMatches } from './allow-list.ts';

function matches(entry: string, image: string): boolean {
  const reference = parseImage(image);
  if (!isValid(reference)) throw new Error(`${image}: ${reference.invalid}`);
  return entryMatches(entry, reference);
}

describe('entryMatches', () => {
  it.each([
    ['ghcr.io', 'ghcr.io/shop/web:1'],
    ['ghcr.io/', 'ghcr.io/shop/web:1'],
    ['ghcr.io/shop', 'ghcr.io/shop/web'],
    ['ghcr.io/shop/web', 'ghcr.io/shop/web:2'],
    ['docker.io', 'nginx'],
    ['docker.io/library', 'nginx'],
    ['*.example.com', 'registry.eu.example.com/web'],
    ['registry:5000', 'registry:5000/web'],
  ])('%s holds %s', (entry, image) => {
    expect(matches(entry, image)).toBe(true);
  });
  it.each([
    ['ghcr.io', 'ghcr.io.evil.example/web'],
    ['ghcr.io', 'evil.example/ghcr.io/web'],
    ['ghcr.io/shop', 'ghcr.io/shopping/web'],
    ['gcr.io', 'gcrxio.example/web'],
    ['*.example.com', 'example.com/web'],
    ['*.example.com', 'badexample.com/web'],
    ['registry', 'registry:5000/web'],
    ['docker.io/bitnami', 'nginx'],
  ])('%s does not hold %s', (entry, image) => {
    expect(matches(entry, image)).toBe(false);
  });
});
