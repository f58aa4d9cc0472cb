import { describe, expect, it } from 'vitest';
import { normalizeHostPath, runtimeSocketAt } from '../../engines/host-paths/index.ts';
import { sensitiveHostPath } from './host-places.ts';

describe('normalizeHostPath', () => {
  it.each([
    ['/', '/'],
    ['', ''],
    ['/a'.repeat(3000), ''],
    ['/etc/', '/etc'],
    ['//etc///kubernetes/.', '/etc/kubernetes'],
    ['/var/run/docker.sock', '/run/docker.sock'],
    ['/var/run/../run/docker.sock', '/run/docker.sock'],
    ['/var/lib/../run/docker.sock', '/run/docker.sock'],
    ['/srv/../../etc', '/etc'],
    ['/var/run/../lib/kubelet', '/var/lib/kubelet'],
    ['/proc/1/root/etc', '/etc'],
    ['/proc/1/root/var/run/crio', '/run/crio'],
    ['/proc/self/root', '/'],
    ['/proc/1/environ', '/proc/1/environ'],
    ['/var/runner', '/var/runner'],
    ['C:\\', '/'],
    ['c:/var/lib/kubelet', '/var/lib/kubelet'],
    ['\\\\.\\pipe\\docker_engine', '/pipe/docker_engine'],
  ])('%j is %s', (path, expected) => {
    expect(normalizeHostPath(path)).toBe(expected);
  });
});

describe('sensitiveHostPath', () => {
  it.each([
    ['/', '/', 'high', 'critical'],
    ['/etc/kubernetes/pki', '/etc/kubernetes', 'high', 'critical'],
    ['/var/lib/kubelet/pods', '/var/lib/kubelet', 'high', 'critical'],
    ['/var/lib', '/var/lib/etcd', 'critical', 'critical'],
    ['/opt', '/opt/cni', undefined, 'high'],
    ['/home/app/.aws/credentials', '/home', 'high', 'high'],
    ['/.aws/config', '/.aws/config', 'high', 'high'],
    ['/dev/sda1', '/dev/sda1', 'critical', 'critical'],
    ['/etc/cni/net.d', '/etc/cni', undefined, 'high'],
    ['/proc/sys/kernel', '/proc', 'medium', 'high'],
  ])('knows %s', (path, place, read, write) => {
    expect(sensitiveHostPath(path)).toMatchObject({ place, read, write });
  });
  it.each([
    '/data',
    '/etc/localtime',
    '/etcetera',
    '/lib/modules',
    '/var/lib/kubelet/device-plugins',
    '/var/lib/kubelet/plugins/ebs.csi.aws.com',
    '/var/log/shop',
    '/rooted',
    '/dev/shm',
    '',
  ])('has nothing on %s', (path) => {
    expect(sensitiveHostPath(path)).toBeUndefined();
  });
});

describe('runtimeSocketAt', () => {
  it.each([
    ['/run/docker.sock', '/run/docker.sock'],
    ['/srv/proxy/docker.sock', '/srv/proxy/docker.sock'],
    ['/run/containerd', '/run/containerd/containerd.sock'],
    ['/run', '/run/docker.sock'],
    ['/run/docker', '/run/docker/containerd/containerd.sock'],
    ['/pipe/docker_engine', '/pipe/docker_engine'],
  ])('finds the socket of %s', (path, socket) => {
    expect(runtimeSocketAt(path)).toBe(socket);
  });
  it.each(['', '/', '/run/thing.sock', '/run/dock', '/run/containerd-other', '/data'])('finds none in %s', (path) => {
    expect(runtimeSocketAt(path)).toBeUndefined();
  });
});
