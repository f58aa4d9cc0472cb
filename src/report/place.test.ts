import { describe, expect, it } from 'vitest';
import { findingOf } from '../../test/report-tester.ts';
import { CLUSTER } from '../snapshot/index.ts';
import { placeOf, uriOf } from './place.ts';

const SOURCE = { kind: 'manifests', objects: 1, files: 1, kubernetesVersion: null } as const;

describe('the place of a finding', () => {
  it.each([
    ['./deploy/web.yaml', 'deploy/web.yaml'],
    [`${process.cwd()}/deploy/web.yaml`, 'deploy/web.yaml'],
    ['/elsewhere/web.yaml', '/elsewhere/web.yaml'],
    ['../other/web.yaml', '../other/web.yaml'],
    [String.raw`deploy\web.yaml`, 'deploy/web.yaml'],
  ])('%s is %s with its line', (source, path) => {
    expect(placeOf(findingOf({ source }), SOURCE)).toEqual({ path, line: 2, column: 8, file: true });
  });

  it.each([
    ['charts/web#web/templates/app.yaml', 'charts/web/templates/app.yaml'],
    ['overlays/prod', 'overlays/prod/kustomization.yaml'],
  ])('what was rendered from %s stands in %s', (source, path) => {
    expect(placeOf(findingOf({ source, text: undefined }), SOURCE)).toEqual({ path, line: 1, column: 1, file: true });
  });

  it('is a path that stays the same for standard input and for a cluster', () => {
    expect(placeOf(findingOf({ source: '-' }), SOURCE)).toEqual({
      path: 'stdin/shop/Deployment/web.yaml',
      line: 1,
      column: 1,
      file: false,
    });
    expect(placeOf(findingOf({ source: 'https://10.0.0.1', text: undefined }), { ...SOURCE, kind: 'cluster' }).path).toBe(
      'cluster/shop/Deployment/web.yaml',
    );
  });

  it('of a snapshot is such a path too, but not of manifests beside it', () => {
    const snapshot = { ...SOURCE, kind: 'snapshot' } as const;
    const finding = findingOf();
    const object = { ...finding.object, origin: CLUSTER };
    expect(placeOf({ ...finding, evidence: [], object }, snapshot)).toMatchObject({
      path: 'cluster/shop/Deployment/web.yaml',
      file: false,
    });
    expect(placeOf(findingOf({ source: 'overlays/prod', text: undefined }), snapshot).path).toBe('overlays/prod/kustomization.yaml');
  });

  it('is there for what has no evidence', () => {
    expect(placeOf(findingOf({ status: 'pass', evidence: [] }), SOURCE)).toMatchObject({ path: 'deploy/web.yaml', line: 1, file: true });
  });
});

describe('a path as a reference', () => {
  it.each([
    ['a/b c.yaml', 'a/b%20c.yaml'],
    ['a:b/ü%.yaml', 'a%3Ab/%C3%BC%25.yaml'],
    ['/abs/x.yaml', 'file:///abs/x.yaml'],
    ['C:/abs/x.yaml', 'file:///C%3A/abs/x.yaml'],
    ['lone\ud800', 'lone%EF%BF%BD'],
  ])('%s is %s', (path, uri) => expect(uriOf(path)).toBe(uri));
});
