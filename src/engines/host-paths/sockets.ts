/** Sockets of container runtimes: whoever connects to one is root on the node, and a read-only mount does not hinder that. */

/** Default sockets of runtimes and image builders, which all act as root for whoever connects. */
const SOCKETS: readonly string[] = [
  '/run/docker.sock',
  '/run/docker/containerd/containerd.sock',
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/run/cri-dockerd.sock',
  '/run/dockershim.sock',
  '/run/podman/podman.sock',
  '/run/k3s/containerd/containerd.sock',
  '/run/k0s/containerd.sock',
  '/run/buildkit/buildkitd.sock',
];
const SOCKET_NAMES: ReadonlySet<string> = new Set([
  ...SOCKETS.map((path) => path.slice(path.lastIndexOf('/') + 1)),
  'containerd.sock.ttrpc',
  'docker-containerd.sock',
  'frakti.sock',
]);
const PIPES: ReadonlySet<string> = new Set(['/pipe/docker_engine', '/pipe/containerd-containerd', '/pipe/dockershim']);

/** The socket that a normalized host path is or holds. `/` holds all of them and is a matter of its own. */
export function runtimeSocketAt(path: string): string | undefined {
  if (SOCKET_NAMES.has(path.slice(path.lastIndexOf('/') + 1)) || PIPES.has(path)) return path;
  if (path === '/' || path === '') return undefined;
  return SOCKETS.find((socket) => socket.startsWith(path) && socket.charCodeAt(path.length) === 47 /* / */);
}
