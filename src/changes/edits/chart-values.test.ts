import { expect, test } from 'vitest';
import type { PatchOperation } from '../../lib/json-patch.ts';
import { changeOfValues } from './chart-values.ts';

const TEMPLATE = `apiVersion: apps/v1
kind: Deployment
spec:
  replicas: {{ .Values.replicaCount }}
  template:
    spec:
      automountServiceAccountToken: {{ .Values.serviceAccount.automount | quote }}
      hostNetwork: {{ if .Values.host }}true{{ end }}
      {{- with .Values.podSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: app
          image: x
          resources: {{- toYaml .Values.resources | nindent 12 }}
          env:
            - name: {{ .Values.env }}
          volumeMounts:
            {{- toYaml .Values.mounts | nindent 12 }}
`;
const changed = (path: string, op: PatchOperation['op'] = 'replace', value: unknown = 1): string | undefined =>
  changeOfValues(TEMPLATE, {
    patch: [
      { op: 'test', path: '/spec/other', value },
      { op, path, ...(op !== 'remove' && { value }) },
    ],
  });

test.each<[string, string | undefined]>([
  ['/spec/replicas', 'set replicaCount to 1'],
  ['/spec/template/spec/automountServiceAccountToken', 'set serviceAccount.automount to 1'],
  ['/spec/template/spec/securityContext/runAsNonRoot', 'set podSecurityContext.runAsNonRoot to 1'],
  ['/spec/template/spec/containers/0/resources/limits/memory', 'set resources.limits.memory to 1'],
  ['/spec/template/spec/containers/0/volumeMounts/2/readOnly', 'set mounts[2].readOnly to 1'],
  // Worked out, written in the template itself, of several of a name, below a text, or not in it at all.
  ['/spec/template/spec/hostNetwork', undefined],
  ['/spec/template/spec/containers/0/image', undefined],
  ['/spec/template/spec/containers/0/name', undefined],
  ['/spec/replicas/below', undefined],
  ['/other', undefined],
])('%s: %s', (path, told) => expect(changed(path)).toBe(told));

test('says what is taken away and what is more than a word, and nothing where only a part is plain', () => {
  expect(changed('/spec/template/spec/containers/0/volumeMounts/2', 'remove')).toBe('take away mounts[2]');
  expect(changed('/spec/template/spec/containers/0/resources', 'add', { limits: {} })).toBe('change resources');
  const patch: PatchOperation[] = [
    { op: 'replace', path: '/spec/replicas', value: 1 },
    { op: 'replace', path: '/other', value: 1 },
  ];
  expect(changeOfValues(TEMPLATE, { patch })).toBeUndefined();
  expect(changeOfValues(TEMPLATE, { patch: [] })).toBeUndefined();
});
