import { describe, expect, test } from 'vitest';
import { TextEditFailure } from '../../lib/yaml-edit.ts';
import type { Patch } from '../../rules/index.ts';
import { Chart, type ChartFiles } from './chart.ts';

type Raw = Record<string, unknown>;

const VALUES = `# of the shop
replicas: 2   # enough
token: true
securityContext: {}
meter:
  securityContext:
    privileged: true # for now
`;
const TEMPLATE = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-web
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      automountServiceAccountToken: {{ .Values.token }}
      {{- with .Values.securityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: meter
          securityContext: {{- toYaml .Values.meter.securityContext | nindent 12 }}
`;
const CHART: Readonly<Record<string, string>> = {
  'Chart.yaml': 'name: shop\n',
  'values.yaml': VALUES,
  'templates/web.yaml': TEMPLATE,
  'templates/_helpers.tpl': '{{- define "x" }}kind: Deployment{{ end }}',
};
const object = (podSpec: Raw = {}): Raw => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'prod-web', namespace: 'shop' },
  spec: {
    replicas: 2,
    template: {
      spec: { automountServiceAccountToken: true, containers: [{ name: 'meter', securityContext: { privileged: true } }], ...podSpec },
    },
  },
});
const PRIVILEGED: Patch['patch'] = [
  { op: 'test', path: '/spec/template/spec/containers/0/name', value: 'meter' },
  { op: 'replace', path: '/spec/template/spec/containers/0/securityContext/privileged', value: false },
];
const TOKEN: Patch['patch'] = [{ op: 'replace', path: '/spec/template/spec/automountServiceAccountToken', value: false }];

function filesOf(files: Readonly<Record<string, string>>, render?: ChartFiles['render']): ChartFiles {
  return {
    read: (path) => files[path.replace(/^chart\//, '')],
    list: () => Object.keys(files),
    ...(render !== undefined && { render }),
  };
}

/** The values afterwards, or why they stay as they are. */
function changed(
  patch: Patch['patch'],
  files: Readonly<Record<string, string>> = CHART,
  of: { object?: Raw; render?: ChartFiles['render'] } = {},
): string {
  const chart = new Chart('chart', files['values.yaml'] ?? '', filesOf(files, of.render));
  const release = { name: 'prod', namespace: 'shop' };
  try {
    chart.change({ target: 'Deployment/shop/prod-web', operation: 'patch', patch }, of.object ?? object(), {
      template: undefined,
      release,
    });
    return chart.after;
  } catch (error) {
    if (!(error instanceof TextEditFailure)) throw error;
    expect(chart.after).toBe(chart.before);
    return error.message;
  }
}

describe('without Helm', () => {
  test('a key that one place takes is edited, and everything else in the file stays', () => {
    expect(changed(PRIVILEGED)).toBe(VALUES.replace('privileged: true', 'privileged: false'));
    expect(changed(TOKEN)).toBe(VALUES.replace('token: true', 'token: false'));
  });

  test('what is not there yet is added with all above it', () => {
    const patch: Patch['patch'] = [
      { op: 'add', path: '/spec/template/spec/securityContext', value: {} },
      { op: 'add', path: '/spec/template/spec/securityContext/runAsNonRoot', value: true },
      { op: 'add', path: '/spec/template/spec/securityContext/runAsUser', value: 1000 },
    ];
    expect(changed(patch)).toBe(VALUES.replace('securityContext: {}', 'securityContext:\n  runAsNonRoot: true\n  runAsUser: 1000'));
  });

  const more = (text: string): Record<string, string> => ({ ...CHART, 'templates/other.yaml': `kind: Service\nspec:\n  a: ${text}\n` });
  test.each<[string, Readonly<Record<string, string>>]>([
    ['another template takes it', more('{{ .Values.meter.securityContext.privileged }}')],
    ['another template takes what it is in', more('{{ toYaml .Values.meter }}')],
    ['a helper takes it', { ...CHART, 'templates/_x.tpl': '{{ $.Values.meter.securityContext | toJson }}' }],
    ['another template takes all values', more('{{ toYaml .Values }}')],
    ['another template takes some by name', more('{{ index .Values "meter" }}')],
    ['a text is a template too', more('{{ tpl "x" . }}')],
    ['a schema has a say', { ...CHART, 'values.schema.json': '{}' }],
    ['a chart inside may take it', { ...CHART, 'charts/meter/Chart.yaml': 'name: meter\n' }],
    ['a dependency may take it', { ...CHART, 'Chart.yaml': 'name: shop\ndependencies: [{name: meter}]\n' }],
  ])('nothing is written where %s', (_what, files) => {
    expect(changed(PRIVILEGED, files)).toBe('only Helm could tell what else its values decide, and it is not installed');
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'two templates make such objects',
      { ...CHART, 'templates/b.yaml': TEMPLATE },
      'its templates do not say plainly which of its values decides',
    ],
    [
      'the template says it itself',
      { ...CHART, 'templates/web.yaml': 'kind: Deployment\nspec: {}\n' },
      'its templates do not say plainly which of its values decides',
    ],
    [
      'the values say another thing than the cluster',
      { ...CHART, 'values.yaml': 'meter: {securityContext: {privileged: false}}\n' },
      'its values.yaml does not say what meter.securityContext.privileged is, so that it is set elsewhere',
    ],
    ['the values are no mapping', { ...CHART, 'values.yaml': '[]\n' }, 'its values.yaml cannot be read'],
  ])('nothing is written where %s', (_what, files, why) => expect(changed(PRIVILEGED, files)).toBe(why));

  test('an alias is not edited, as it stands for something else too', () => {
    const values = 'base: &base\n  privileged: true\nmeter:\n  securityContext: *base\n';
    expect(changed(PRIVILEGED, { ...CHART, 'values.yaml': values })).toMatch(/is an alias/);
  });
});

describe('with Helm', () => {
  const made = (privileged: boolean, more: readonly Raw[] = []): Raw[] => [
    object({ containers: [{ name: 'meter', securityContext: { privileged } }] }),
    ...more,
  ];
  const isOn = (values: string): boolean => /privileged: true/.test(values);

  test('an edit counts by what is made, however often the value is taken', () => {
    const files = { ...CHART, 'templates/_x.tpl': '{{ .Values.meter }}' };
    expect(changed(PRIVILEGED, files, { render: (_folder, _release, values) => made(isOn(values)) })).toBe(
      VALUES.replace('privileged: true', 'privileged: false'),
    );
  });

  test.each<[string, NonNullable<ChartFiles['render']>]>([
    [
      'something else changes too',
      (_folder, _release, values) => made(isOn(values), [{ kind: 'Service', metadata: { name: 'a' }, spec: { a: isOn(values) } }]),
    ],
    [
      'something comes',
      (_folder, _release, values) => made(isOn(values), isOn(values) ? [] : [{ kind: 'Service', metadata: { name: 'a' } }]),
    ],
    ['nothing changes', () => made(true)],
    [
      'it changes otherwise',
      (_folder, _release, values) => [
        object({ containers: [{ name: 'meter', securityContext: isOn(values) ? { privileged: true } : {} }] }),
      ],
    ],
  ])('nothing is written where %s', (_what, render) => {
    expect(changed(PRIVILEGED, CHART, { render })).toBe('rendered with the changed values something else would differ too');
  });

  test('nothing is written where it makes no such object, or another one', () => {
    expect(changed(PRIVILEGED, CHART, { render: () => [] })).toMatch(/does not make the object/);
    const other = object({ containers: [{ name: 'sidecar', securityContext: { privileged: true } }] });
    expect(changed(PRIVILEGED, CHART, { render: () => [other] })).toMatch(/^what Helm makes is not what is there: /);
  });

  test('is asked for the release by its name', () => {
    const asked: unknown[] = [];
    changed(PRIVILEGED, CHART, {
      render: (folder, release, values) => {
        asked.push([folder, release]);
        return made(isOn(values));
      },
    });
    expect(asked[0]).toEqual(['chart', { name: 'prod', namespace: 'shop' }]);
  });
});
