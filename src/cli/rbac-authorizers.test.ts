import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { bypassOf, furtherAuthorizers } from './rbac-authorizers.ts';

function apiServer(name: string, ...flags: string[]): Record<string, unknown> {
  const containers = [{ name: 'c', image: 'registry.k8s.io/kube-apiserver:v1.34.1', command: ['kube-apiserver', ...flags] }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'kube-system' }, spec: { containers } };
}

function file(...types: string[]): Record<string, unknown> {
  return { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthorizationConfiguration', authorizers: types.map((type) => ({ type })) };
}

describe('what decides besides RBAC', () => {
  it.each<[string, Record<string, unknown>[], object]>([
    ['nothing where no API server is seen', [], { alwaysAllows: undefined, withoutRbac: false, further: [], gaps: [] }],
    ['nothing', [apiServer('a', '--authorization-mode=Node,RBAC')], { alwaysAllows: undefined, withoutRbac: false, further: [], gaps: [] }],
    ['everything by default', [apiServer('a', '--profiling=false')], { alwaysAllows: 'Pod/kube-system/a', withoutRbac: true, further: [] }],
    [
      'a webhook',
      [apiServer('a', '--authorization-mode=Node,RBAC,Webhook')],
      { alwaysAllows: undefined, withoutRbac: false, further: ['Webhook'] },
    ],
    ['others alone', [apiServer('a', '--authorization-mode=Webhook,ABAC')], { withoutRbac: true, further: ['Webhook', 'ABAC'] }],
    [
      'one of two servers',
      [apiServer('a', '--authorization-mode=RBAC'), apiServer('b', '--authorization-mode=AlwaysAllow')],
      { alwaysAllows: 'Pod/kube-system/b', withoutRbac: false },
    ],
    ['a file', [apiServer('a', '--authorization-config=/etc/authz.yaml'), file('Node', 'RBAC', 'Webhook')], { further: ['Webhook'] }],
    [
      'a file that is not there',
      [apiServer('a', '--authorization-config=/etc/authz.yaml')],
      { withoutRbac: false, gaps: [expect.objectContaining({ scope: 'Pod/kube-system/a', code: 'other-authorizer' })] },
    ],
  ])('%s', (_what, objects, expected) => {
    expect(furtherAuthorizers(clusterOf(objects))).toMatchObject(expected);
  });

  it('lets members of system:masters through, and everybody where everything is allowed', () => {
    const [closed, open] = ['Node,RBAC', 'AlwaysAllow'].map((mode) =>
      furtherAuthorizers(clusterOf([apiServer('a', `--authorization-mode=${mode}`)])),
    );
    const [ann, root] = [
      { name: 'ann', groups: ['system:authenticated'] },
      { name: 'root', groups: ['system:masters'] },
    ];
    expect(closed && [bypassOf(ann, closed), bypassOf(root, closed)]).toEqual([undefined, 'system:masters']);
    expect(open && [bypassOf(ann, open), bypassOf(root, open)]).toEqual(['AlwaysAllow', 'system:masters']);
  });
});
