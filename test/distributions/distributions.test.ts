/** Nodes of distributions, hardened: no place of theirs makes a failure, and what decides there is seen. */
import { describe, expect, it } from 'vitest';
import { type Disk, factsOf, saidOf, withStatus } from './disk.ts';
import { DISKS } from './disks.ts';

describe.each(Object.entries<Disk>(DISKS))('%s', (_name, disk) => {
  const said = saidOf(factsOf(disk));

  it('has no failure', () => {
    expect(withStatus(said, 'fail')).toEqual([]);
  });

  it('shows its kubelet', () => {
    const wanted = [
      'kubelet-anonymous-auth',
      'kubelet-authz-mode',
      'kubelet-read-only-port',
      'kubelet-kubeconfig-perm',
      'kubelet-client-ca',
    ];
    for (const rule of wanted) expect([rule, said.get(rule)]).toEqual([rule, 'pass']);
  });
});
