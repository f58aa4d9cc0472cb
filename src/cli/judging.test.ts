/** The options of a scan, for all commands that judge: each must find what the others find. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stdout } from '../lib/sink.ts';
import type { Finding } from '../rules/index.ts';
import { SegmentWriter, writeSnapshotFile } from '../snapshot/index.ts';
import { runExplain } from './explain.ts';
import { type JudgingFlags, eachFinding, judgingOf } from './judging.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  hostPID: true
  securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: "1"}]}
  containers: [{name: app, image: web:1}]
`;

let folder = '';
let pod = '';
let config = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-judging-'));
  pod = join(folder, 'pod.yaml');
  config = join(folder, 'config.yaml');
  writeFileSync(pod, POD);
  writeFileSync(
    config,
    'disabled:\n- {rule: host-pid, reason: x}\nexceptions:\n- {rule: image-digest, subject: {name: web}, reason: agreed in October}\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function findings(flags: JudgingFlags, all = false): Promise<Finding[]> {
  const { settings, read } = await judgingOf(flags);
  const found: Finding[] = [];
  eachFinding(await read([pod]), { settings, all }, (finding) => void found.push(finding));
  return found;
}

async function explained(flags: JudgingFlags, rule: string, from: JudgingFlags = flags): Promise<string> {
  const finding = (await findings(from, true)).find((each) => each.rule.id === rule && each.status !== 'pass');
  const written = vi.spyOn(stdout, 'write').mockReturnValue(undefined);
  try {
    await runExplain(finding?.fingerprint ?? '', [pod], flags);
    return written.mock.calls.join('');
  } finally {
    written.mockRestore();
  }
}

describe('commands that judge', () => {
  it.each<[JudgingFlags, string, boolean]>([
    [{}, 'host-pid', true],
    [{ only: ['image-digest'] }, 'host-pid', false],
    [{ kubernetesVersion: '1.30' }, 'unsafe-sysctl', true],
    [{ kubernetesVersion: '1.32' }, 'unsafe-sysctl', false],
  ])('with %j: %s is found: %j', async (flags, rule, found) => {
    expect((await findings(flags)).some(({ rule: { id } }) => id === rule)).toBe(found);
  });

  it('leave out what is disabled and what is excepted', async () => {
    const ids = (await findings({ config })).map(({ rule }) => rule.id);
    expect(ids).not.toContain('host-pid');
    expect(ids).not.toContain('image-digest');
    expect(ids.length).toBeGreaterThan(3);
  });
});

describe('explain', () => {
  it('judges for the release that the scan judged for', async () => {
    expect(await explained({ kubernetesVersion: '1.30' }, 'unsafe-sysctl')).toContain('safe only since Kubernetes 1.32');
    await expect(explained({ kubernetesVersion: '1.32' }, 'unsafe-sysctl', { kubernetesVersion: '1.30' })).rejects.toMatchObject({
      code: 'CAS_NOT_FOUND',
      remedy: expect.stringContaining('--kubernetes-version') as string,
    });
  });

  it('knows what is disabled', async () => {
    expect(await explained({}, 'host-pid')).toContain('hostPID');
    await expect(explained({ config }, 'host-pid', {})).rejects.toMatchObject({ code: 'CAS_NOT_FOUND' });
  });

  it('tells why a finding is excepted', async () => {
    expect(await explained({ config }, 'image-digest', {})).toContain('excepted: agreed in October');
  });
});

describe('a snapshot file', () => {
  const found = async (paths: string[], flags: JudgingFlags = {}): Promise<string[]> => {
    const { settings, read } = await judgingOf({ only: ['host-pid', 'unsafe-sysctl'], ...flags });
    const names: string[] = [];
    eachFinding(await read(paths), { settings, all: false }, ({ rule, subject }) => void names.push(`${rule.id} ${subject.name}`));
    return names.sort();
  };
  let file = '';
  beforeAll(() => {
    file = join(folder, 'any-name.yaml');
    const writer = new SegmentWriter({ apiVersion: 'v1', kind: 'Pod', resource: 'pods' });
    for (const name of ['api', 'web'])
      writer.add(podOf(name, { hostPID: true, securityContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1' }] } }));
    const header = { kind: 'cluster', kubernetesVersion: '1.30', complete: true } as const;
    writeSnapshotFile(file, { header, gaps: [], segments: [writer.end()] });
  });
  const podOf = (name: string, spec: Record<string, unknown>): Record<string, unknown> => ({
    metadata: { namespace: 'shop', name },
    spec: { ...spec, containers: [] },
  });

  it('is judged by what it says of the cluster, or as asked for', async () => {
    expect(await found([file])).toEqual(['host-pid api', 'host-pid web', 'unsafe-sysctl api', 'unsafe-sysctl web']);
    expect(await found([file], { kubernetesVersion: '1.32' })).toEqual(['host-pid api', 'host-pid web']);
  });

  it('is judged as it would be with manifests applied', async () => {
    const good = join(folder, 'good.json');
    writeFileSync(good, JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...podOf('api', {}) }));
    expect(await found([good, file])).toEqual(['host-pid web', 'unsafe-sysctl web']);
    const { read } = await judgingOf({});
    expect((await read([good, file])).header).toEqual({ kind: 'snapshot', kubernetesVersion: '1.30', complete: true });
  });

  it('is one: there is one cluster', async () => {
    const copy = join(folder, 'copy');
    writeFileSync(copy, readFileSync(file));
    await expect(found([file, copy])).rejects.toMatchObject({ code: 'CAS_USAGE' });
    expect(await found([file, file])).toHaveLength(4);
  });

  it('that is met in a folder is a gap', async () => {
    const { read } = await judgingOf({});
    const { gaps } = await read([folder]);
    expect(gaps).toContainEqual(expect.objectContaining({ scope: file, code: 'binary', reason: 'it is a snapshot of a cluster' }));
  });
});
