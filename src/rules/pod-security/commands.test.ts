import { describe, expect, it } from 'vitest';
import { programsOf } from './commands.ts';

describe('programsOf', () => {
  it.each([
    [[], []],
    [['/usr/bin/sudo', 'nginx'], ['sudo']],
    [['nginx', 'sudo'], ['nginx']],
    [['/usr/bin/sudo cat', '/etc/shadow'], ['sudo']],
    [
      ['sh', '-c', 'cd /srv && sudo -E ./run'],
      ['sh', 'cd', 'sudo'],
    ],
    [
      ['/bin/bash', '-ec', 'export A=1; exec sudo -u app run'],
      ['bash', 'export', 'sudo'],
    ],
    [
      ['busybox', 'sh', '-c', 'ps aux | grep nginx'],
      ['busybox', 'ps', 'grep'],
    ],
    [
      ['sh', '-c', 'LANG=C ls\n# sudo is not here\necho sudo'],
      ['sh', 'ls', 'echo'],
    ],
    [['sh', 'start.sh', '-c', 'sudo'], ['sh']],
    [
      ['sh', '-c', 'if sudo -v; then date; fi'],
      ['sh', 'sudo', 'date', 'fi'],
    ],
    [
      ['env', 'A=1'],
      ['env', 'A=1'],
    ],
    [
      ['tini', '--', 'sudo', 'run'],
      ['tini', '--', 'sudo'],
    ],
    [
      ['sh', '-c', 'echo $(sudo id)'],
      ['sh', 'echo', 'sudo'],
    ],
    [
      ['sh', '-c', 'echo "first; sudo second" \'| sudo third\'; date'],
      ['sh', 'echo', 'date'],
    ],
    [
      ['sh', '-c', 'echo "$(sudo id)"'],
      ['sh', 'echo', 'sudo', '"'],
    ],
    [
      ['sh', '-c', 'true # then; sudo id\ndate'],
      ['sh', 'true', 'date'],
    ],
    [
      ['sh', '-c', 'echo \\\n sudo'],
      ['sh', 'echo'],
    ],
    [
      ['timeout', 'sudo'],
      ['timeout', 'sudo'],
    ],
    [Array.from({ length: 5000 }, () => 'env'), Array.from({ length: 5000 }, () => 'env')],
    [['sh', '-c'], ['sh']],
  ])('reads %j', (command, programs) => {
    expect(programsOf(command)).toEqual(programs);
  });
});
