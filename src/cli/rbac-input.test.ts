import { describe, expect, it, test } from 'vitest';
import { clusterOf, objectsOf } from '../../test/rule-tester.ts';
import { catalogOf } from '../engines/rbac/index.ts';
import { askedUser, requestOf, requestText, userText } from './rbac-input.ts';

const CRD =
  'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.example.com}\nspec: {group: example.com, scope: Cluster, names: {plural: widgets, singular: widget, kind: Widget}}';
const CATALOG = catalogOf(clusterOf(objectsOf(CRD)));

function asked(verb: string, target: string, flags: { namespace?: string; subresource?: string } = {}): string {
  const request = requestOf(verb, target, { catalog: CATALOG, flags: { quiet: true, ...flags } });
  return requestText(request);
}

describe('what is asked for', () => {
  it.each([
    ['get', 'pods', 'get pods in namespace a'],
    ['get', 'po', 'get pods in namespace a'],
    ['get', 'Pod', 'get pods in namespace a'],
    ['list', 'deploy', 'list deployments.apps in namespace a'],
    ['list', 'deployments.extensions', 'list deployments.extensions in namespace a'],
    ['list', 'ingresses', 'list ingresses.networking.k8s.io in namespace a'],
    ['create', 'pods/exec', 'create pods/exec in namespace a'],
    ['create', 'pods/exec/web', 'create pods/exec "web" in namespace a'],
    ['create', 'pods/web/exec', 'create pods/exec "web" in namespace a'],
    ['get', 'secrets/db', 'get secrets "db" in namespace a'],
    ['create', 'sa/token', 'create serviceaccounts/token in namespace a'],
    ['get', 'nodes/proxy', 'get nodes/proxy in the whole cluster'],
    ['delete', 'ns/shop', 'delete namespaces "shop" in namespace shop'],
    ['list', 'ns', 'list namespaces in the whole cluster'],
    ['bind', 'clusterroles/view', 'bind clusterroles.rbac.authorization.k8s.io "view" in namespace a'],
    ['get', 'clusterroles/view', 'get clusterroles.rbac.authorization.k8s.io "view" in the whole cluster'],
    [
      'approve',
      'signers/kubernetes.io/kube-apiserver-client',
      'approve signers.certificates.k8s.io "kubernetes.io/kube-apiserver-client" in the whole cluster',
    ],
    ['impersonate', 'users/jane', 'impersonate users "jane" in the whole cluster'],
    ['get', 'widget', 'get widgets.example.com in the whole cluster'],
    ['get', 'things.example.org/one', 'get things.example.org "one" in namespace a'],
    ['get', '/metrics', 'get /metrics'],
    ['*', '*', '* *.* in namespace a'],
  ])('%s %s', (verb, target, text) => {
    expect(asked(verb, target, { namespace: 'a' })).toBe(text);
  });
  it('has no more parts than a name and a subresource', () => {
    expect(() => asked('create', 'pods/exec/foo/bar')).toThrow('"exec/foo/bar" has more parts');
    expect(asked('approve', 'signers/example.com/a/b')).toContain('"example.com/a/b"');
  });
  it('may be a name that is like a subresource', () => {
    expect(asked('get', 'pods/status', { subresource: '' })).toBe('get pods "status" in the whole cluster');
    expect(asked('get', 'pods/web', { subresource: 'log' })).toBe('get pods/log "web" in the whole cluster');
  });
});

describe('who is asked about', () => {
  it.each([
    ['jane', 'user jane', 'system:authenticated'],
    ['sa:a/ci', 'service account a/ci', 'system:serviceaccounts,system:serviceaccounts:a,system:authenticated'],
    ['ServiceAccount/a/ci', 'service account a/ci', 'system:serviceaccounts,system:serviceaccounts:a,system:authenticated'],
    ['User/jane', 'user jane', 'system:authenticated'],
    ['system:serviceaccount:a:ci', 'service account a/ci', 'system:serviceaccounts,system:serviceaccounts:a,system:authenticated'],
    ['system:anonymous', 'user system:anonymous', 'system:unauthenticated'],
  ])('%s', (as, text, groups) => {
    const user = askedUser('can', { as });
    expect([userText(user), user.groups.join()]).toEqual([text, groups]);
  });
  it('may be whoever is in a group', () => {
    expect(userText(askedUser('can', { asGroup: ['dev'] }))).toBe('members of dev');
  });
});

test.each([
  [{}, /needs --as/],
  [{ as: 'sa:ci' }, /is no service account/],
  [{ as: 'sa:a/b/c' }, /is no service account/],
  [{ as: 'Group/dev' }, /is a group and no user/],
  [{ as: '' }, /--as names nobody/],
  [{ as: '', asGroup: ['dev'] }, /--as names nobody/],
])('%j is refused', (flags, message) => {
  expect(() => askedUser('can', flags)).toThrow(message);
});
