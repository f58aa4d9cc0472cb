import { describe, expect, it } from 'vitest';
import { unwatched } from './watchable.ts';

const changing = (...targets: readonly string[]): Parameters<typeof unwatched>[0] => ({
  patches: targets.map((target) => ({ target, operation: 'patch', patch: [] })),
});

describe('a change that is watched', () => {
  it('takes rights, and what else it changes is named', () => {
    expect(unwatched(changing('ClusterRoleBinding/ci', 'RoleBinding/shop/a'))).toEqual([]);
    expect(unwatched(changing('ClusterRoleBinding/ci', 'NetworkPolicy/shop/a', 'NetworkPolicy/shop/a'))).toEqual(['NetworkPolicy/shop/a']);
  });

  it.each(['NetworkPolicy/shop/a', 'Deployment/shop/a', 'Namespace/shop', 'ServiceAccount/shop/a'])('is not one of %s alone', (target) => {
    expect(() => unwatched(changing(target))).toThrow(expect.objectContaining({ code: 'CAS_USAGE' }));
  });
});
