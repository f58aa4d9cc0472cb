/** An API server that asks nobody whether a request is allowed. */
import { authorizersOf } from '../../engines/command-line/index.ts';
import { AUTHENTICATED } from '../../engines/rbac/index.ts';
import { apiServersIn } from '../api-servers.ts';
import { account, factsOf, pod } from '../example-objects.ts';
import { defineFamily } from '../family.ts';

export const family = defineFamily({
  edges: {
    ALWAYS_ALLOW: {
      says: 'do everything, as the API server allows every request',
      mitigation: 'Run the API server with --authorization-mode=Node,RBAC.',
    },
  },
  draw(scene) {
    const files = scene.tables.AuthorizationConfiguration.all.map(({ body }) => (body.authorizers ?? []).map(({ type }) => type ?? ''));
    for (const { line, object, path } of apiServersIn(scene.tables)) {
      const { modes, use } = authorizersOf(line, files);
      if (modes?.includes('AlwaysAllow') !== true) continue;
      const where = { object, path: use === undefined || path === 'argv' ? path : `${path}.${use.path}` };
      scene.step({ edge: 'ALWAYS_ALLOW', where }, scene.group(AUTHENTICATED), scene.builder.vertex('ClusterAdmin'));
    }
  },
  examples: () => [
    {
      edge: 'ALWAYS_ALLOW',
      objects: [account('a/s'), pod('a/p', { serviceAccountName: 's' }), apiServer('--authorization-mode=Node,AlwaysAllow')],
      from: 'ServiceAccount/a/s',
      to: 'ClusterAdmin',
    },
    {
      edge: 'ALWAYS_ALLOW',
      objects: [account('a/s'), pod('a/p', { serviceAccountName: 's' }), apiServer('--authorization-mode=Node,RBAC')],
      from: 'ServiceAccount/a/s',
      to: 'ClusterAdmin',
      because: 'roles decide',
    },
    {
      edge: 'ALWAYS_ALLOW',
      objects: [account('a/s'), pod('a/p', { serviceAccountName: 's' })],
      nodes: [factsOf('n', ['kube-apiserver', '--authorization-mode', 'AlwaysAllow'])],
      from: 'ServiceAccount/a/s',
      to: 'ClusterAdmin',
    },
    {
      edge: 'ALWAYS_ALLOW',
      objects: [apiServer('--authorization-mode=AlwaysAllow')],
      from: 'Group/system:unauthenticated',
      to: 'ClusterAdmin',
      because: 'with it anonymous requests are refused',
    },
  ],
});

function apiServer(flag: string): Readonly<Record<string, unknown>> {
  return pod('kube-system/kube-apiserver', {}, { command: ['kube-apiserver', flag] });
}
