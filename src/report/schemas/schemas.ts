/** The published JSON Schemas of the documents that Castellan writes. Fields may be added, never changed. */
import { LEVELS, STAGES } from '../../engines/audit-policy/index.ts';
import { AREAS, SEVERITIES, STATUSES } from '../../rules/index.ts';
import { AUTHN_SCHEMAS } from './authn.ts';
import { ETCD_SCHEMAS } from './etcd.ts';
import { APPLIED_SCHEMAS } from './applied.ts';
import { DIFF_SCHEMAS } from './diff.ts';
import { FIXES_SCHEMAS } from './fixes.ts';
import { NETWORK_SCHEMAS } from './network.ts';
import { NODE_SCHEMAS } from './node.ts';
import { chain, change, conns, count, DIALECT, gap, netGaps, object, text, texts } from './parts.ts';
import { probeSchemas } from './probe.ts';
import { VERSIONS_SCHEMAS } from './versions.ts';

const severity = { enum: SEVERITIES } as const;
const status = { enum: STATUSES } as const;
const controls = { type: 'array', items: object({ framework: text, id: text }) } as const;
const aliases = { type: 'object', additionalProperties: texts } as const;
const fingerprint = { type: 'string', pattern: '^[0-9a-f]{16}$' } as const;

function counts(keys: readonly string[]): Record<string, unknown> {
  return object(Object.fromEntries(keys.map((key) => [key, count])));
}

const subject = object({ apiVersion: text, kind: text, namespace: text, name: text, container: text, component: text, cluster: text }, [
  'container',
  'component',
  'cluster',
]);

const evidence = object(
  { source: text, path: text, line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 }, value: {} },
  ['line', 'column'],
);

const finding = object(
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

const ruleEntry = object({ title: text, severity, area: { enum: AREAS }, rationale: text, remedy: text, controls, aliases });

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
        needs: { type: 'array', items: { enum: ['objects', 'cluster', 'node', 'cloud', 'options', 'probe'] } },
        scope: { enum: ['container', 'workload', 'namespace', 'object', 'cluster', 'node', 'cloud', 'endpoint'] },
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

const id = { id: {} } as const;
const evalError = object({ ...id, error: object({ code: text, message: text }) });

const evalPodSecurity = {
  $schema: DIALECT,
  $id: 'castellan/eval-pod-security/v1',
  title: 'One answer of castellan eval pod-security',
  anyOf: [
    object({ ...id, allowed: { type: 'boolean' }, failing: texts, met: { enum: ['privileged', 'baseline', 'restricted'] } }),
    evalError,
  ],
};

const evalRules = {
  $schema: DIALECT,
  $id: 'castellan/eval-rules/v1',
  title: 'One answer of castellan eval rules',
  anyOf: [
    object({
      ...id,
      findings: {
        type: 'array',
        items: object({
          rule: text,
          status,
          severity,
          subject,
          message: text,
          evidence: { type: 'array', items: object({ path: text, value: {} }, ['value']) },
        }),
      },
    }),
    evalError,
  ],
};

const index = { type: 'integer', minimum: 0 } as const;

const evalAuditPolicy = {
  $schema: DIALECT,
  $id: 'castellan/eval-audit-policy/v1',
  title: 'One answer of castellan eval audit-policy',
  anyOf: [
    object({
      ...id,
      results: {
        type: 'array',
        items: object({
          level: { enum: LEVELS },
          rule: { anyOf: [index, { type: 'null' }] },
          omitStages: { type: 'array', items: { enum: STAGES } },
          omitManagedFields: { type: 'boolean' },
          reasons: { type: 'array', items: object({ rule: index, because: text, message: text }) },
        }),
      },
      problems: { type: 'array', items: object({ path: text, message: text }) },
      ignored: texts,
    }),
    evalError,
  ],
};

const evalRequestInfo = {
  $schema: DIALECT,
  $id: 'castellan/eval-request-info/v1',
  title: 'One answer of castellan eval request-info',
  anyOf: [
    object(
      {
        ...id,
        isResourceRequest: { type: 'boolean' },
        verb: text,
        apiGroup: text,
        apiVersion: text,
        namespace: text,
        resource: text,
        subresource: text,
        name: text,
        fieldSelector: text,
        labelSelector: text,
        path: text,
        problem: text,
      },
      ['problem'],
    ),
    evalError,
  ],
};

const verdict = object({ allowed: { type: 'boolean' }, by: texts });

const evalNetwork = {
  $schema: DIALECT,
  $id: 'castellan/eval-network/v1',
  title: 'One answer of castellan eval network',
  anyOf: [
    object(
      {
        ...id,
        results: { type: 'array', items: object({ allowed: { type: 'boolean' }, ingress: verdict, egress: verdict }) },
        problems: { type: 'array', items: object({ category: text, object: text, path: text, message: text }) },
      },
      ['problems'],
    ),
    evalError,
  ],
};

const cutMethod = { enum: ['nothing-to-cut', 'flow', 'hitting-set', 'improved-flow', 'none'] } as const;
const bound = { type: 'number', minimum: 0 } as const;

const evalPaths = {
  $schema: DIALECT,
  $id: 'castellan/eval-paths/v1',
  title: 'One answer of castellan eval paths',
  anyOf: [
    object(
      {
        ...id,
        results: {
          type: 'array',
          items: object({ reachable: { type: 'boolean' }, witness: chain, witnesses: { type: 'array', items: chain } }, [
            'witness',
            'witnesses',
          ]),
        },
        cut: object({ remove: texts, optimal: { type: 'boolean' }, impossible: { const: true }, method: cutMethod, atLeast: bound }, [
          'impossible',
          'method',
          'atLeast',
        ]),
      },
      ['cut'],
    ),
    evalError,
  ],
};

const ways = object(
  {
    schema: { const: 'castellan/paths/v1' },
    target: text,
    footholds: { type: 'array', items: object({ from: text, entries: count, reaching: count, possible: count }, ['possible']) },
    addOn: object({ name: text, reaching: count, without: count }),
    smallestCut: object({ size: count, remove: texts, cost: bound, optimal: { type: 'boolean' }, atLeast: bound, method: cutMethod }, [
      'size',
      'cost',
    ]),
    bestSingle: { type: 'array', items: object({ remove: text, closes: count }) },
    chokePoints: { type: 'array', items: object({ vertex: text, entries: count }) },
    paths: { type: 'array', items: object({ target: text, count, entries: texts, chain, chainOf: text }, ['chainOf']) },
    gaps: { type: 'array', items: gap },
  },
  ['addOn', 'gaps'],
);

const paths = { $schema: DIALECT, $id: 'castellan/paths/v1', title: 'Result of castellan paths', ...ways };

const etcdReach = {
  $schema: DIALECT,
  $id: 'castellan/etcd-reach/v1',
  title: 'Result of castellan etcd reach',
  ...object(
    {
      schema: { const: 'castellan/etcd-reach/v1' },
      members: { type: 'array', items: object({ pod: text, nodes: texts, clientCertificate: { type: ['boolean', 'null'] } }) },
      nodes: texts,
      network: ways,
      data: ways,
      backups: {
        type: 'array',
        items: object({
          object: text,
          schedule: text,
          target: text,
          suspended: { type: 'boolean' },
          lastSuccess: { type: ['string', 'null'] },
        }),
      },
      unseen: texts,
    },
    ['network'],
  ),
};

const blast = {
  $schema: DIALECT,
  $id: 'castellan/blast/v1',
  title: 'Result of castellan blast',
  ...object(
    {
      schema: { const: 'castellan/blast/v1' },
      subject: text,
      reaches: { type: 'array', items: object({ kind: text, names: texts }) },
      worst: text,
      chain,
      gaps: { type: 'array', items: gap },
    },
    ['worst', 'chain', 'gaps'],
  ),
};

const connection = object({ src: text, dst: text, conns });

const netList = {
  $schema: DIALECT,
  $id: 'castellan/net-list/v1',
  title: 'Result of castellan net list',
  ...object({ schema: { const: 'castellan/net-list/v1' }, connections: { type: 'array', items: connection }, gaps: netGaps }, ['gaps']),
};

const netExposure = {
  $schema: DIALECT,
  $id: 'castellan/net-exposure/v1',
  title: 'Result of castellan net exposure',
  ...object(
    {
      schema: { const: 'castellan/net-exposure/v1' },
      egress: { type: 'array', items: connection },
      ingress: { type: 'array', items: connection },
      unprotected: { type: 'array', items: object({ workload: text, direction: { enum: ['Ingress', 'Egress'] } }) },
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const netDiff = {
  $schema: DIALECT,
  $id: 'castellan/net-diff/v1',
  title: 'Result of castellan net diff',
  ...object(
    {
      schema: { const: 'castellan/net-diff/v1' },
      changes: {
        type: 'array',
        items: object(
          { type: { enum: ['added', 'removed', 'changed'] }, src: text, dst: text, before: conns, after: conns, workloads: text },
          ['workloads'],
        ),
      },
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const netCompare = {
  $schema: DIALECT,
  $id: 'castellan/net-compare/v1',
  title: 'Result of castellan net compare',
  ...object(
    {
      schema: { const: 'castellan/net-compare/v1' },
      answers: {
        type: 'array',
        items: object(
          {
            question: { enum: ['equivalent', 'contains', 'permits', 'forbids', 'interferes'] },
            answer: { type: 'boolean' },
            example: object({ src: text, dst: text, conns }),
          },
          ['example'],
        ),
      },
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const place = { type: 'integer', minimum: 1 } as const;

const netLint = {
  $schema: DIALECT,
  $id: 'castellan/net-lint/v1',
  title: 'Result of castellan net lint',
  ...object(
    {
      schema: { const: 'castellan/net-lint/v1' },
      findings: {
        type: 'array',
        items: object(
          {
            rule: text,
            severity,
            status: { const: 'unknown' },
            policy: text,
            direction: { enum: ['ingress', 'egress'] },
            ruleIndex: place,
            peerIndex: place,
            workload: text,
            message: text,
            path: text,
            source: text,
            line: place,
            column: place,
          },
          ['status', 'direction', 'ruleIndex', 'peerIndex', 'workload', 'source', 'line', 'column'],
        ),
      },
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const sideReason = object(
  {
    verdict: { enum: ['allow', 'deny'] },
    by: texts,
    default: { type: 'boolean' },
    missed: { type: 'array', items: object({ rule: text, on: { enum: ['peer', 'port', 'protocol', 'direction'] }, wants: text }) },
  },
  ['missed'],
);

const part = { conns, verdict: { enum: ['allow', 'deny'] }, egress: sideReason, ingress: sideReason };
const whyPart = object({ ...part, pairs: object({ count: { type: 'integer', minimum: 1 }, src: text, dst: text }) }, ['pairs']);

const netAssert = {
  $schema: DIALECT,
  $id: 'castellan/net-assert/v1',
  title: 'Result of castellan net assert',
  ...object(
    {
      schema: { const: 'castellan/net-assert/v1' },
      file: text,
      results: {
        type: 'array',
        items: object(
          {
            status: { enum: ['pass', 'fail', 'unknown'] },
            verb: { enum: ['deny', 'allow'] },
            assertion: text,
            title: text,
            line: { type: 'integer', minimum: 1 },
            reason: text,
            pairs: counts(['judged', 'failing', 'excepted']),
            counterexamples: { type: 'array', items: object({ src: text, dst: text, conns, why: object(part) }, ['why']) },
          },
          ['title'],
        ),
      },
      exceptions: {
        type: 'array',
        items: object({
          status: { enum: ['used', 'unused', 'expired'] },
          exception: text,
          line: { type: 'integer', minimum: 1 },
          until: text,
          reason: text,
        }),
      },
      summary: counts(['passed', 'failed', 'unknown']),
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const netWhy = {
  $schema: DIALECT,
  $id: 'castellan/net-why/v1',
  title: 'Result of castellan net why',
  ...object(
    {
      schema: { const: 'castellan/net-why/v1' },
      from: text,
      to: text,
      allowed: conns,
      parts: { type: 'array', items: whyPart },
      gaps: netGaps,
    },
    ['gaps'],
  ),
};

const rbacGap = object({ scope: text, code: text, reason: text, effect: text });
const gapsOfRbac = { type: 'array', items: rbacGap } as const;
const rbacSubject = object({ kind: { enum: ['User', 'Group', 'ServiceAccount'] }, name: text, namespace: text }, ['namespace']);
const rbacUser = object({ name: text, groups: texts });
const rbacRequest = object({ verb: text, apiGroup: text, resource: text, subresource: text, name: text, namespace: text, path: text }, [
  'apiGroup',
  'resource',
  'subresource',
  'name',
  'namespace',
  'path',
]);
const rbacRight = { resources: texts, urls: texts, names: texts, verbs: texts } as const;

const seenTimes = { count, first: text, last: text } as const;
const rbacGenerate = {
  $schema: DIALECT,
  $id: 'castellan/rbac-generate/v1',
  title: 'Result of castellan rbac generate',
  ...object({
    schema: { const: 'castellan/rbac-generate/v1' },
    mode: { enum: ['new', 'smaller'] },
    roles: {
      type: 'array',
      items: object({
        ref: text,
        object: { type: 'object' },
        holders: texts,
        rules: {
          type: 'array',
          items: object({
            evidence: {
              type: 'array',
              // What was not seen itself says with which verb it goes, whose times it has.
              items: object(
                { verb: text, apiGroup: text, resource: text, namespace: text, path: text, names: texts, goesWith: text, ...seenTimes },
                ['names', 'goesWith'],
              ),
            },
          }),
        },
        dropped: texts,
        notes: texts,
      }),
    },
    bindings: { type: 'array', items: { type: 'object' } },
    left: { type: 'array', items: object({ ref: text, why: text }) },
    replay: object({
      requests: count,
      distinct: count,
      elsewhere: count,
      refused: { type: 'array', items: object({ who: text, what: text, why: text, ...seenTimes }) },
    }),
    gaps: gapsOfRbac,
  }),
};

const rbacCan = {
  $schema: DIALECT,
  $id: 'castellan/rbac-can/v1',
  title: 'Result of castellan rbac can',
  ...object(
    {
      schema: { const: 'castellan/rbac-can/v1' },
      allowed: { type: 'boolean' },
      user: rbacUser,
      request: rbacRequest,
      // Every grant that allows it; rules count from 1, in the component where there is one.
      by: {
        type: 'array',
        items: object({ binding: text, role: text, rule: { type: 'integer' }, component: text, group: text, text }, ['component', 'group']),
      },
      // What lets him through before roles are asked.
      bypass: { enum: ['system:masters', 'AlwaysAllow'] },
      // Of nodes: what the Node authorizer says, which is asked before RBAC.
      nodeAuthorizer: object({ allowed: { type: 'boolean' }, reason: text, through: texts, admission: text }, ['admission']),
      elsewhere: object({ namespaces: texts, names: texts }),
      gaps: gapsOfRbac,
    },
    ['bypass', 'nodeAuthorizer'],
  ),
};

const rbacWhoCan = {
  $schema: DIALECT,
  $id: 'castellan/rbac-who-can/v1',
  title: 'Result of castellan rbac who-can',
  ...object({
    schema: { const: 'castellan/rbac-who-can/v1' },
    request: rbacRequest,
    // A namespace of '' is the whole cluster.
    holders: { type: 'array', items: object({ subject: rbacSubject, namespace: text, names: texts, by: texts }, ['names']) },
    bypass: texts,
    gaps: gapsOfRbac,
  }),
};

const rbacPermission = object({
  namespace: text,
  ...rbacRight,
  by: { type: 'array', items: object({ binding: text, role: text, group: text }, ['group']) },
});

const rbacPermissions = {
  $schema: DIALECT,
  $id: 'castellan/rbac-permissions/v1',
  title: 'Result of castellan rbac permissions',
  ...object(
    {
      schema: { const: 'castellan/rbac-permissions/v1' },
      user: rbacUser,
      permissions: { type: 'array', items: rbacPermission },
      // By which he may do everything, whatever roles say.
      bypass: { enum: ['system:masters', 'AlwaysAllow'] },
      // Granted in a namespace, though it lies in none.
      void: { type: 'array', items: rbacPermission },
      gaps: gapsOfRbac,
    },
    ['bypass'],
  ),
};

const rbacEscalations = {
  $schema: DIALECT,
  $id: 'castellan/rbac-escalations/v1',
  title: 'Result of castellan rbac escalations',
  ...object(
    {
      schema: { const: 'castellan/rbac-escalations/v1' },
      escalations: {
        type: 'array',
        items: object({ subject: rbacSubject, namespace: text, id: text, act: text, leadsTo: text, names: texts, by: texts }, ['names']),
      },
      // By which the user that was asked about may do everything.
      bypass: { enum: ['system:masters', 'AlwaysAllow'] },
      // Those of Kubernetes' own components that are left out.
      system: { type: 'integer' },
      gaps: gapsOfRbac,
    },
    ['bypass'],
  ),
};

const rbacDiff = {
  $schema: DIALECT,
  $id: 'castellan/rbac-diff/v1',
  title: 'Result of castellan rbac diff',
  ...object({
    schema: { const: 'castellan/rbac-diff/v1' },
    changes: {
      type: 'array',
      items: object({ subject: rbacSubject, namespace: text, change: { enum: ['gained', 'lost'] }, ...rbacRight, by: texts }),
    },
    gaps: gapsOfRbac,
  }),
};

const rbacLint = {
  $schema: DIALECT,
  $id: 'castellan/rbac-lint/v1',
  title: 'Result of castellan rbac lint',
  ...object({
    schema: { const: 'castellan/rbac-lint/v1' },
    findings: {
      type: 'array',
      items: object(
        {
          rule: {
            enum: [
              'void-rule',
              'void-entry',
              'contained-rule',
              'void-subject',
              'no-subjects',
              'void-grant',
              'duplicate-binding',
              'dangling-role',
              'dangling-subject',
            ],
          },
          object: text,
          path: text,
          message: text,
          status: { enum: ['fail', 'unknown'] },
          source: text,
          line: { type: 'integer' },
          column: { type: 'integer' },
        },
        ['source', 'line', 'column'],
      ),
    },
    gaps: gapsOfRbac,
  }),
};

const singleRight = object({ apiGroups: texts, resources: texts, resourceNames: texts, nonResourceURLs: texts, verbs: texts }, [
  'apiGroups',
  'resources',
  'resourceNames',
  'nonResourceURLs',
]);

const evalRbac = {
  $schema: DIALECT,
  $id: 'castellan/eval-rbac/v1',
  title: 'One answer of castellan eval rbac',
  anyOf: [
    object({
      ...id,
      results: {
        type: 'array',
        items: object(
          {
            allowed: { type: 'boolean' },
            by: text,
            decidedBy: { enum: ['authorization', 'bind', 'escalate', 'covers', 'aggregation'] },
            missing: { type: 'array', items: singleRight },
            refused: text,
            mode: { enum: ['associated-node', 'arbitrary-node', 'serviceaccount', 'user-info'] },
            denied: rbacRequest,
          },
          ['by', 'decidedBy', 'missing', 'refused', 'mode', 'denied'],
        ),
      },
    }),
    evalError,
  ],
};

/** By the name that `castellan schema` takes. */
const permission = object({ verb: { enum: ['list', 'get', 'create', 'delete'] }, group: text, resource: text });

const permissions = {
  $schema: DIALECT,
  $id: 'castellan/permissions/v1',
  title: 'castellan permissions',
  ...object(
    {
      schema: { const: 'castellan/permissions/v1' },
      needed: { type: 'array', items: permission },
      missing: { type: 'array', items: permission },
    },
    ['missing'],
  ),
};

const spanText = { from: text, to: text };

const recordShow = {
  $schema: DIALECT,
  $id: 'castellan/record-show/v1',
  title: 'Result of castellan record show',
  ...object({
    schema: { const: 'castellan/record-show/v1' },
    streams: {
      type: 'array',
      items: object(
        {
          name: text,
          kind: { enum: ['audit', 'flows'] },
          formats: texts,
          events: count,
          unread: { type: 'object', additionalProperties: count },
          ...spanText,
          heartbeats: { type: 'boolean' },
          holes: { type: 'array', items: object(spanText) },
        },
        ['from', 'to'],
      ),
    },
    actors: count,
    requests: count,
    flows: count,
    addresses: count,
  }),
};

const netVerify = {
  $schema: DIALECT,
  $id: 'castellan/net-verify/v1',
  title: 'Result of castellan net verify',
  ...object({
    schema: { const: 'castellan/net-verify/v1' },
    context: text,
    server: text,
    image: text,
    nodes: texts,
    features: {
      type: 'array',
      items: object(
        {
          feature: text,
          title: text,
          enforced: { enum: ['yes', 'no', 'unknown'] },
          how: text,
          seconds: { type: 'number', minimum: 0 },
          usedBy: texts,
          probes: {
            type: 'array',
            items: object({ from: text, to: text, expected: { enum: ['stops', 'flows'] }, without: text, with: text }, ['without', 'with']),
          },
        },
        ['seconds'],
      ),
    },
    summary: counts(['yes', 'no', 'unknown']),
    wrote: { type: 'array', items: object({ verb: { enum: ['create', 'delete'] }, resource: text, count }) },
    left: texts,
  }),
};

export const SCHEMAS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  scan,
  rules,
  benchmarks: NODE_SCHEMAS.benchmarks,
  'node-facts': NODE_SCHEMAS.nodeFacts,
  baseline,
  permissions,
  'snapshot-show': snapshotShow,
  'record-show': recordShow,
  'eval-pod-security': evalPodSecurity,
  'eval-rules': evalRules,
  'eval-audit-policy': evalAuditPolicy,
  'eval-request-info': evalRequestInfo,
  'eval-network': evalNetwork,
  'eval-paths': evalPaths,
  paths,
  blast,
  'net-list': netList,
  'net-exposure': netExposure,
  'net-compare': netCompare,
  'net-diff': netDiff,
  'net-lint': netLint,
  'net-why': netWhy,
  ...NETWORK_SCHEMAS,
  ...FIXES_SCHEMAS,
  ...ETCD_SCHEMAS,
  'etcd-reach': etcdReach,
  ...DIFF_SCHEMAS,
  ...APPLIED_SCHEMAS,
  ...probeSchemas(finding, ruleEntry),
  ...AUTHN_SCHEMAS,
  ...VERSIONS_SCHEMAS,
  'net-assert': netAssert,
  'net-verify': netVerify,
  'eval-rbac': evalRbac,
  'rbac-can': rbacCan,
  'rbac-generate': rbacGenerate,
  'rbac-who-can': rbacWhoCan,
  'rbac-permissions': rbacPermissions,
  'rbac-escalations': rbacEscalations,
  'rbac-diff': rbacDiff,
  'rbac-lint': rbacLint,
};
