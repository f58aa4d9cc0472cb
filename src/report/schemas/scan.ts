/** Schemas of findings and rules, and of what a scan compares with. */
import { AREAS, SEVERITIES, STATUSES } from '../../rules/index.ts';
import { change, count, counts, DIALECT, gap, object, severity, status, text, texts } from './parts.ts';

const controls = { type: 'array', items: object({ framework: text, id: text }) } as const;
const aliases = { type: 'object', additionalProperties: texts } as const;
const fingerprint = { type: 'string', pattern: '^[0-9a-f]{16}$' } as const;

export const subject = object(
  { apiVersion: text, kind: text, namespace: text, name: text, container: text, component: text, cluster: text },
  ['container', 'component', 'cluster'],
);

const evidence = object(
  { source: text, path: text, line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 }, value: {} },
  ['line', 'column'],
);

export const finding = object(
  {
    rule: text,
    status,
    severity,
    subject,
    message: text,
    fingerprint,
    evidence: { type: 'array', items: evidence },
    also: texts,
    new: { type: 'boolean' },
    reason: text,
    addOn: object({ name: text, reason: text }),
    setBy: object({ name: text, time: text }, ['time']),
    change,
  },
  ['also', 'new', 'reason', 'addOn', 'setBy', 'change'],
);

export const ruleEntry = object({ title: text, severity, area: { enum: AREAS }, rationale: text, remedy: text, controls, aliases });

const scan = {
  $schema: DIALECT,
  $id: 'castellan/scan/v1',
  title: 'Result of castellan scan',
  ...object({
    schema: { const: 'castellan/scan/v1' },
    version: text,
    source: object(
      {
        kind: { enum: ['manifests', 'cluster', 'snapshot', 'nodes', 'cloud', 'ports'] },
        objects: count,
        files: count,
        nodes: count,
        kubernetesVersion: { type: ['string', 'null'] },
        cluster: object({ uid: text, server: text }, ['uid']),
        takenAt: text,
      },
      ['nodes', 'cluster', 'takenAt'],
    ),
    findings: { type: 'array', items: finding },
    rules: { type: 'object', additionalProperties: ruleEntry },
    summary: object(
      {
        byStatus: counts(STATUSES),
        bySeverity: counts(SEVERITIES),
        byFramework: { type: 'object', additionalProperties: counts(STATUSES) },
        byComponent: { type: 'object', additionalProperties: counts(STATUSES) },
        exceptions: object({ used: count, unused: texts, expired: texts, disabled: texts }),
        attestations: object({ used: count, unused: texts, expired: texts }),
        benchmark: text,
        baseline: object({ new: count, known: count, gone: count }),
      },
      ['attestations', 'benchmark', 'baseline'],
    ),
    podSecurity: {
      type: 'array',
      items: object({
        namespace: text,
        possible: { enum: ['privileged', 'baseline', 'restricted'] },
        enforced: { type: ['string', 'null'] },
        workloads: count,
        blockers: { type: 'object', additionalProperties: { type: 'array', items: object({ workload: text, controls: texts }) } },
      }),
    },
    coverage: object({
      ratio: { type: 'number', minimum: 0, maximum: 1 },
      unit: { enum: ['documents', 'objects'] },
      files: count,
      documents: count,
      judged: count,
      foreign: count,
      skipped: count,
    }),
    gaps: { type: 'array', items: gap },
  }),
};

const framework = object({ id: text, title: text, sameAs: text, releases: { type: 'array', items: count }, distribution: text }, [
  'sameAs',
  'releases',
  'distribution',
]);

const rules = {
  $schema: DIALECT,
  $id: 'castellan/rules/v1',
  title: 'Result of castellan rules',
  ...object({
    schema: { const: 'castellan/rules/v1' },
    frameworks: { type: 'array', items: framework },
    rules: {
      type: 'array',
      items: object({
        id: text,
        title: text,
        severity,
        area: { enum: AREAS },
        rationale: text,
        remedy: text,
        controls,
        aliases,
        covers: texts,
        needs: { type: 'array', items: { enum: ['objects', 'cluster', 'node', 'cloud', 'options', 'probe', 'record'] } },
        scope: { enum: ['container', 'workload', 'namespace', 'object', 'cluster', 'node', 'cloud', 'endpoint', 'use'] },
        kinds: texts,
        reads: texts,
        options: {},
      }),
    },
  }),
};

const baseline = {
  $schema: DIALECT,
  $id: 'castellan/baseline/v1',
  title: 'Known findings, written by castellan baseline',
  ...object({
    schema: { const: 'castellan/baseline/v1' },
    findings: {
      type: 'array',
      items: object({ fingerprint, rule: text, subject: text, severity, count: { type: 'integer', minimum: 1 }, coveredBy: text }, [
        'coveredBy',
      ]),
    },
  }),
};

const snapshotShow = {
  $schema: DIALECT,
  $id: 'castellan/snapshot-show/v1',
  title: 'Result of castellan snapshot show',
  ...object(
    {
      schema: { const: 'castellan/snapshot-show/v1' },
      takenAt: text,
      takenBy: text,
      kubernetesVersion: { type: ['string', 'null'] },
      cluster: object({ uid: text, server: text }, ['uid']),
      complete: { type: 'boolean' },
      anonymized: { type: 'boolean' },
      namespaces: texts,
      size: count,
      objects: count,
      kinds: {
        type: 'array',
        items: object({
          apiVersion: text,
          kind: text,
          resource: text,
          count,
          bytes: count,
          compressed: count,
          sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
        }),
      },
      missing: {
        type: 'array',
        items: object({ group: text, kind: text, resource: text, why: { enum: ['forbidden', 'failed'] } }),
      },
      leftOut: texts,
      gaps: { type: 'array', items: gap },
    },
    ['takenAt', 'takenBy', 'cluster', 'namespaces'],
  ),
};

export const SCAN_SCHEMAS = { scan, rules, baseline, 'snapshot-show': snapshotShow } as const;
