import { expect, it } from 'vitest';
import { commandOfUnit, environmentFilesOf } from './unit-command.ts';

const unit = (...texts: readonly string[]) => ({
  name: 'kubelet.service',
  path: '/u',
  lines: texts.map((text, index) => ({ line: index + 1, text })),
  dropIns: [],
});

it('takes variables from lines and files, the last of each name', () => {
  const files: Record<string, string> = { '/e': '# no\nB="--two --three"\nA=--late\n' };
  const given = unit('Environment=A=--one "C=x y"', 'EnvironmentFile=-/e', 'ExecStart=/bin/kubelet $A $B ${C} $NONE "a b" --d=$${A}');
  expect(commandOfUnit(given, (path) => files[path])).toEqual(['/bin/kubelet', '--late', '--two', '--three', 'x y', 'a b', '--d=$--late']);
  expect(environmentFilesOf(given)).toEqual(['/e']);
});

it('lets a drop-in take the start back and give another', () => {
  const given = {
    ...unit('ExecStart=/bin/a'),
    dropIns: [
      {
        path: '/d',
        lines: [
          { line: 1, text: 'ExecStart=' },
          { line: 2, text: 'ExecStart=-/bin/b --x' },
        ],
      },
    ],
  };
  expect(commandOfUnit(given, () => undefined)).toEqual(['/bin/b', '--x']);
  expect(commandOfUnit(unit('User=root'), () => undefined)).toBeUndefined();
});
