import { describe, expect, test } from 'vitest';
import type { PatchOperation } from '../../lib/json-patch.ts';
import { changesOfValues, textOfChanges } from './chart-values.ts';
import { templateDocuments } from './template-fields.ts';

const TEMPLATE = `{{- /* what the
chart: makes */ -}}
{{- $name := include "app.fullname" . }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "app.fullname" . }}
  labels:
    {{- include "app.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicaCount }}
  template:
    spec:
      automountServiceAccountToken: {{ $.Values.serviceAccount.automount }}
      serviceAccountName: {{ .Values.serviceAccount.name | quote }}
      hostNetwork: {{ if .Values.host }}true{{ end }}
      hostPID: {{ .Values.hostPID | default true }}
      enableServiceLinks: false
      {{- with .Values.podSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if .Values.priority }}
      priorityClassName: {{ .Values.priority }}
      {{- end }}
      initContainers:
      - name: init
        securityContext: {{- toYaml .Values.init.securityContext | nindent 10 }}
        args:
          - |
            securityContext: {{ .Values.text }}
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          securityContext:
            {{- toYaml .Values.securityContext | nindent 12 }}
          resources: {{- toYaml .Values.resources | nindent 12 }} # as you like
          env:
            - name: {{ .Values.env }}
          volumeMounts:
            {{- toYaml .Values.mounts | nindent 12 }}
        {{- if .Values.sidecar }}
        - name: sidecar
          securityContext:
            {{- toYaml .Values.sidecar.securityContext | nindent 12 }}
        {{- end }}
      volumes:
        {{- range .Values.volumes }}
        - name: {{ .name }}
          readOnly: {{ $.Values.readOnly }}
        {{- end }}
`;
const [DOCUMENT = { fields: [], unsure: [] }] = templateDocuments(TEMPLATE);
const told = (path: string, value: unknown = 1, op: PatchOperation['op'] = 'replace'): string | undefined => {
  const found = changesOfValues(DOCUMENT, {
    patch: [
      { op: 'test', path: '/spec/other', value },
      { op, path: path.replace(/^@/, '/spec/template/spec'), ...(op !== 'remove' && { value }) },
    ],
  });
  return found === undefined ? undefined : `${textOfChanges(found.changes)}${found.isPlain ? '' : '?'}`;
};

test.each<[string, unknown, string | undefined]>([
  ['/spec/replicas', 1, 'set replicaCount to 1'],
  ['@/automountServiceAccountToken', false, 'set serviceAccount.automount to false'],
  ['@/serviceAccountName', 'none', 'set serviceAccount.name to "none"'],
  ['@/securityContext/runAsNonRoot', true, 'set podSecurityContext.runAsNonRoot to true'],
  ['@/initContainers/0/securityContext/privileged', false, 'set init.securityContext.privileged to false'],
  ['@/containers/0/securityContext/privileged', false, 'set securityContext.privileged to false'],
  ['@/containers/0/securityContext', { privileged: false }, 'change securityContext'],
  ['@/containers/0/resources/limits/memory', '1Gi', 'set resources.limits.memory to "1Gi"'],
  ['@/containers/0/volumeMounts/2/readOnly', true, 'set mounts[2].readOnly to true'],
  // Blocks decide whether it is there, or is that entry.
  ['@/priorityClassName', 'low', 'set priority to "low"?'],
  ['@/containers/1/securityContext/privileged', false, 'set sidecar.securityContext.privileged to false?'],
  ['@/volumes/0/readOnly', true, 'set readOnly to true?'],
])('%s to %j: %s', (path, value, expected) => expect(told(path, value)).toBe(expected));

describe('nothing is said', () => {
  test.each<[string, string, unknown]>([
    ['of what is worked out', '@/hostNetwork', false],
    ['of what has a default, for which false is as good as nothing', '@/hostPID', false],
    ['of what stands in the template itself', '@/enableServiceLinks', true],
    ['of what is put together', '@/containers/0/image', 'x'],
    ['below a word', '/spec/replicas/below', 1],
    ['of what the template does not have', '/other', 1],
    ['of what is above what it takes', '@', {}],
    ['of a mapping where a word is written', '/spec/replicas', {}],
    ['of a word that reads as another', '/spec/replicas', 'yes'],
    ['of a number where it is quoted', '@/serviceAccountName', 1],
    ['of an entry that is added', '@/containers/0/volumeMounts/-', {}],
    ['of what a text says', '@/initContainers/0/args/0', 'x'],
  ])('%s', (_what, path, value) => expect(told(path, value)).toBeUndefined());

  test('of what goes with its field, where the field stays', () => {
    expect(told('@/containers/0/volumeMounts/2', undefined, 'remove')).toBe('take away mounts[2]');
    expect(told('/spec/replicas', undefined, 'remove')).toBeUndefined();
    expect(told('@/containers/0/resources', undefined, 'remove')).toBeUndefined();
  });

  test('where only a part is plain, or nothing changes', () => {
    const patch: PatchOperation[] = [
      { op: 'replace', path: '/spec/replicas', value: 1 },
      { op: 'replace', path: '/other', value: 1 },
    ];
    expect(changesOfValues(DOCUMENT, { patch })).toBeUndefined();
    expect(changesOfValues(DOCUMENT, { patch: [] })).toBeUndefined();
  });
});

test('entries that something else may write make the numbers of a list unsure', () => {
  const text = `spec:
  containers:
    {{- include "app.sidecars" . | nindent 4 }}
    - name: app
      securityContext: {{- toYaml .Values.securityContext | nindent 8 }}
---
kind: Service
spec:
  type: {{ .Values.type }}
`;
  const [first, second, third] = templateDocuments(text);
  const patch: PatchOperation[] = [{ op: 'replace', path: '/spec/containers/0/securityContext/privileged', value: false }];
  expect(first === undefined ? undefined : changesOfValues(first, { patch })?.isPlain).toBe(false);
  expect(second?.fields.map(({ path }) => path.join('.'))).toEqual(['kind', 'spec', 'spec.type']);
  expect(third).toBeUndefined();
});
