import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuTimer } from '../../../test/cpu-timer.ts';
import { familiarName, isValid, nameOf, parseAnyImage, parseImage, parseReference, withDefaultTag } from './index.ts';
import { RUNS } from '../../../test/runs.ts';

const SHA256 = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseImage', () => {
  it.each([
    ['nginx', 'docker.io', 'library/nginx', undefined, undefined],
    ['nginx:1.27', 'docker.io', 'library/nginx', '1.27', undefined],
    ['bitnami/redis', 'docker.io', 'bitnami/redis', undefined, undefined],
    ['docker.io/nginx', 'docker.io', 'library/nginx', undefined, undefined],
    ['index.docker.io/library/nginx', 'docker.io', 'library/nginx', undefined, undefined],
    ['localhost/nginx', 'localhost', 'nginx', undefined, undefined],
    ['registry:5000/shop/web', 'registry:5000', 'shop/web', undefined, undefined],
    ['registry:5000', 'docker.io', 'library/registry', '5000', undefined],
    ['REGISTRY/web', 'REGISTRY', 'web', undefined, undefined],
    ['[fd00::1]:5000/web:1', '[fd00::1]:5000', 'web', '1', undefined],
    [`ghcr.io/shop/web:1.2@${SHA256}`, 'ghcr.io', 'shop/web', '1.2', SHA256],
    [`nginx@${SHA256}`, 'docker.io', 'library/nginx', undefined, SHA256],
    [`web@sha512:${'ab'.repeat(64)}`, 'docker.io', 'library/web', undefined, `sha512:${'ab'.repeat(64)}`],
  ])('reads %s', (text, domain, path, tag, digest) => {
    expect(parseImage(text)).toEqual({ domain, path, tag, digest });
  });

  it.each([
    ['', 'empty'],
    ['Nginx', 'uppercase'],
    ['ghcr.io/Shop/web', 'uppercase'],
    ['shop/web:', 'format'],
    ['$(REGISTRY)/web', 'format'],
    ['{{ image }}', 'format'],
    ['web :1', 'format'],
    ['web:1\n', 'format'],
    [`web:${'x'.repeat(129)}`, 'format'],
    [`ghcr.io/${'a'.repeat(256)}`, 'too-long'],
    ['a'.repeat(1025), 'too-long'],
    ['ab'.repeat(32), 'identifier'],
    [`web@sha256:${'a'.repeat(63)}`, 'digest-length'],
    [`web@sha256:${'A'.repeat(64)}`, 'digest-format'],
    [`web@md5:${'a'.repeat(32)}`, 'digest-algorithm'],
    ['web@sha256:123456', 'format'],
  ])('refuses %j as %s', (text, invalid) => {
    expect(parseImage(text)).toEqual({ invalid });
  });

  it('reads back what it wrote', () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const tag = fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/), { nil: undefined });
    const digest = fc.option(fc.constant(SHA256), { nil: undefined });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), tag, digest, (parts, wantedTag, wantedDigest) => {
        const name = `registry.example.com:5000/${parts.join('/')}`;
        const text = name + (wantedTag === undefined ? '' : `:${wantedTag}`) + (wantedDigest === undefined ? '' : `@${wantedDigest}`);
        const parsed = parseImage(text);
        expect(isValid(parsed)).toBe(true);
        if (isValid(parsed)) expect([nameOf(parsed), parsed.tag, parsed.digest]).toEqual([name, wantedTag, wantedDigest]);
      }),
      { numRuns: RUNS },
    );
  });

  it('answers hostile text at once', () => {
    const worked = cpuTimer();
    for (const text of ['a'.repeat(1e6), `${'a-'.repeat(400)}!`, 'a.'.repeat(500), 'a/'.repeat(500), `${'A'.repeat(900)}@`]) {
      expect(isValid(parseImage(text))).toBe(false);
    }
    expect(worked()).toBeLessThan(1000);
  });
});

describe('parseReference', () => {
  it('knows no default registry', () => {
    expect(parseReference('shop/web:1')).toEqual({ domain: 'shop', path: 'web', tag: '1', digest: undefined });
    expect(parseReference('web')).toEqual({ domain: '', path: 'web', tag: undefined, digest: undefined });
  });
  it('takes only the digests that it is told of', () => {
    const text = `web@sha512:${'ab'.repeat(64)}`;
    expect(parseReference(text, ['sha256'])).toEqual({ invalid: 'digest-algorithm' });
    expect(isValid(parseReference(text))).toBe(true);
  });
});

describe('names', () => {
  it('shortens Docker Hub only', () => {
    const short = (text: string): string => {
      const parsed = parseImage(text);
      return isValid(parsed) ? familiarName(parsed) : parsed.invalid;
    };
    expect(short('docker.io/library/nginx')).toBe('nginx');
    expect(short('docker.io/library/a/b')).toBe('library/a/b');
    expect(short('ghcr.io/library/nginx')).toBe('ghcr.io/library/nginx');
  });
  it('drops the tag beside a digest and fills in latest', () => {
    const filled = (text: string): unknown => {
      const parsed = parseImage(text);
      return isValid(parsed) ? withDefaultTag(parsed).tag : parsed.invalid;
    };
    expect(filled('nginx')).toBe('latest');
    expect(filled('nginx:1')).toBe('1');
    expect(filled(`nginx:1@${SHA256}`)).toBeUndefined();
  });
  it('takes a bare digest or image id as an image without a name', () => {
    expect(parseAnyImage(SHA256)).toEqual({ domain: '', path: '', tag: undefined, digest: SHA256 });
    expect(parseAnyImage('ab'.repeat(32))).toMatchObject({ digest: `sha256:${'ab'.repeat(32)}` });
    expect(parseAnyImage('nginx')).toMatchObject({ path: 'library/nginx' });
  });
});
