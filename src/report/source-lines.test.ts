import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { parsePath, valueAt } from '../lib/field-path.ts';
import { sourceLines } from './source-lines.ts';

function shown(text: string, path: string, masked = false): string[] {
  const format = text.startsWith('{') ? ('json' as const) : ('yaml' as const);
  const origin = { source: 'a.yaml', line: 10, format, prefix: [], text };
  const evidence = { origin, path, value: valueAt(load(text), parsePath(path)), masked };
  return sourceLines(evidence, 100).map(({ number, text, marked }) => `${marked ? '>' : ' '}${number} ${text}`);
}

const POD = `kind: Pod
spec:
  containers:
    - name: app
      env:
        - name: DB_PASSWORD
          value: hunter2hunter2
      resources:
        limits:
          memory: 1Gi
          cpu: "1"
    - {name: side, image: busybox, command: [sh, -c], env: [{name: TOKEN, value: hunter2hunter2}], securityContext: {privileged: true}}
    - image: busybox
      securityContext: {privileged: true}
      args: [--token=hunter2hunter2, --verbose]
      command: [sh, -c]
`;

describe('the lines around a field', () => {
  it.each([
    ['spec.containers[0].resources.limits.memory', [' 18         limits:', '>19           memory: 1Gi']],
    ['spec.containers[0].resources', ['>17       resources:']],
    ['spec.containers[0].resources.limits.cpu', ['>20           cpu: "1"']],
    ['spec.containers[0].securityContext', [' 12   containers:', '>13     - name: app']],
    ['spec.containers[1].securityContext.privileged', ['>21     … privileged: true}}']],
    ['spec.containers[1].resources', ['>21     - { …']],
    ['spec.containers[1].securityContext', ['>21     … securityContext: …']],
    ['spec.containers[2].securityContext.privileged', ['>23       securityContext: {privileged: true}']],
    ['spec.containers[2].securityContext', ['>23       securityContext: …']],
    ['spec.containers[2].args[1]', ['>24       … --verbose]']],
    ['spec.containers[1].command', ['>21     … command: [sh, -c] …']],
    ['spec.containers[2].command', ['>25       command: [sh, -c]']],
    ['spec.containers[2].command[0]', ['>25       command: [sh …']],
    ['spec.containers[2].resources', ['>22     - image: busybox']],
    ['kind', ['>10 kind: Pod']],
    ['metadata.name', ['>10 kind: Pod']],
  ])('of %s', (path, lines) => expect(shown(POD, path)).toEqual(lines));

  it('never show what another finding masks', () => {
    const paths = ['spec.containers[0]', 'spec.containers[1]', 'spec.containers[2]'].flatMap((container) =>
      [
        '',
        '.name',
        '.image',
        '.env',
        '.env[0]',
        '.env[0].name',
        '.env[1]',
        '.resources',
        '.securityContext',
        '.securityContext.privileged',
        '.args[1]',
        '.command',
        '.command[0]',
        '.none',
      ].map((field) => container + field),
    );
    for (const path of [...paths, '', 'spec', 'spec.containers', 'metadata']) {
      expect(shown(POD, path).join('\n'), path).not.toContain('hunter2');
      expect(shown(JSON.stringify(load(POD)), path).join('\n'), path).not.toContain('hunter2');
      expect(shown(JSON.stringify(load(POD), undefined, 2), path).join('\n'), path).not.toContain('hunter2');
    }
    expect(shown(POD, 'spec.containers[0].env[0].value', true)).toEqual([]);
  });

  it('show JSON in lines as it stands', () => {
    const text = JSON.stringify(load(POD), undefined, 2);
    expect(shown(text, 'spec.containers[2].securityContext.privileged')).toEqual([
      expect.stringMatching(/^ \d+ +"securityContext": \{$/),
      expect.stringMatching(/^>\d+ +"privileged": true$/),
    ]);
  });

  it.each<[string, string, string[]]>([
    ['kind: Pod # hunter2\n', 'kind', ['>10 kind: Pod']],
    ['kind: Pod\nspec: # hunter2\n  hostPID: true # hunter2\n', 'spec.hostPID', [' 11 spec:', '>12   hostPID: true']],
    ['kind: Pod\nspec: {hostPID: true} # hunter2\n', 'spec.hostPID', ['>11 spec: {hostPID: true}']],
    ['spec: {hostPID: true # hunter2\n  }\n', 'spec.hostPID', ['>10 spec: {hostPID: true']],
    ["a: it's # hunter2\n", 'a', [">10 a: it's"]],
    ["a: 'x # y' # hunter2\n", 'a', [">10 a: 'x # y'"]],
    ['a: "x # \\" y" # hunter2\n', 'a', ['>10 a: "x # \\" y"']],
    ["a: ['it''s # y', \"b # c\"] # hunter2\n", 'a', [">10 a: ['it''s # y', \"b # c\"]"]],
    ['a: x#y # hunter2\n', 'a', ['>10 a: x#y']],
    ['a: | # hunter2\n  x # y\n', 'a', ['>10 a: |']],
    ['spec: # hunter2\n  a: 1\n', 'spec', ['>10 spec:']],
    ['spec: # hunter2\n  a: 1\n', 'spec.none', ['>10 spec:']],
    ['{"a": "x # y"}', 'a', ['>10 {"a": "x # y"}']],
  ])('of %j without the comment', (text, path, lines) => expect(shown(text, path)).toEqual(lines));

  it('hold nothing of the lines of a block', () => {
    const text = 'kind: ConfigMap\ndata:\n  key: |\n    hunter2hunter2\n  other: x\n';
    expect(shown(text, 'data.other')).toEqual(['>14   other: x']);
  });
});
