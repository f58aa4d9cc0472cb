/** Policies as people write them, and odd ones: each is bound in a namespace of its own. */
type Fields = Readonly<Record<string, unknown>>;

export interface PolicyCase {
  readonly name: string;
  readonly spec: Fields;
  /** Of the binding. */
  readonly binding?: Fields;
  /** Of the namespace. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Other objects of the namespace. */
  readonly objects?: readonly Fields[];
}

const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] };
const CONTAINERS = [
  {
    name: 'all',
    expression: 'object.spec.containers + object.spec.?initContainers.orValue([]) + object.spec.?ephemeralContainers.orValue([])',
  },
];
const UNPRIVILEGED = '!has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged';

/** A policy of expressions that all must be true of pods. */
function policy(...expressions: readonly string[]): Fields {
  return { matchConstraints: { resourceRules: [PODS] }, validations: expressions.map((expression) => ({ expression })) };
}

function one(name: string, expression: string, more: Fields = {}): PolicyCase {
  return { name, spec: { ...policy(expression), ...more } };
}

function ruled(name: string, rule: Fields, more: Fields = {}): PolicyCase {
  return { name, spec: { ...policy('false'), matchConstraints: { resourceRules: [{ ...PODS, ...rule }], ...more } } };
}

const HARDENED = [
  '!object.spec.?hostPID.orValue(false) && !object.spec.?hostIPC.orValue(false) && !object.spec.?hostNetwork.orValue(false)',
  'variables.all.all(c, c.?securityContext.?privileged.orValue(false) == false)',
  "variables.all.all(c, c.?securityContext.?capabilities.?add.orValue([]).all(a, a in ['NET_BIND_SERVICE']))",
  '!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.hostPath))',
  'variables.all.all(c, c.?securityContext.?windowsOptions.?hostProcess.orValue(false) == false)',
];

/** Each true of the server's own quantities. */
const QUANTITIES = [
  "quantity('1Gi').isGreaterThan(quantity('1G'))",
  "quantity('0.5') == quantity('500m')",
  "quantity('1e3') == quantity('1k')",
  "quantity('.5Ki') == quantity('512')",
  "quantity('0.1n') == quantity('1n')",
  "sign(quantity('-1')) == -1",
  "quantity('2').compareTo(quantity('2')) == 0",
  "quantity('1').add(quantity('500m')).sub(1) == quantity('500m')",
  "!quantity('500m').isInteger()",
  "quantity('2Ki').asInteger() == 2048",
  "isQuantity('1.5Gi') && !isQuantity('1 Gi') && !isQuantity('') && !isQuantity('1gi')",
];

export const POLICIES: readonly PolicyCase[] = [
  one('containers', `object.spec.containers.all(c, ${UNPRIVILEGED})`),
  one('every-list', `variables.all.all(c, ${UNPRIVILEGED})`, { variables: CONTAINERS }),
  one(
    'exists',
    '!variables.all.exists(c, has(c.securityContext) && has(c.securityContext.privileged) && c.securityContext.privileged == true)',
    {
      variables: [
        {
          name: 'all',
          expression:
            'object.spec.containers + (has(object.spec.initContainers) ? object.spec.initContainers : []) + (has(object.spec.ephemeralContainers) ? object.spec.ephemeralContainers : [])',
        },
      ],
    },
  ),
  one('filter', 'variables.all.filter(c, c.?securityContext.?privileged.orValue(false)).size() == 0', { variables: CONTAINERS }),
  one('filter-more', 'size(variables.all.filter(c, c.?securityContext.?privileged.orValue(false))) < 1', { variables: CONTAINERS }),
  one('map', '!(true in variables.all.map(c, c.?securityContext.?privileged.orValue(false)))', { variables: CONTAINERS }),
  one('map-filter', 'variables.all.map(c, has(c.securityContext), c.securityContext).all(s, !has(s.privileged) || s.privileged == false)', {
    variables: CONTAINERS,
  }),
  one(
    'kind',
    "object.kind != 'Pod' || object.spec.containers.all(c, !(has(c.securityContext) && has(c.securityContext.privileged) && c.securityContext.privileged))",
  ),
  one('fails', 'object.spec.containers.all(c, c.securityContext.privileged == false)'),
  one('fails-ignored', 'object.spec.containers.all(c, c.securityContext.privileged == false)', { failurePolicy: 'Ignore' }),
  one('fails-either', "object.metadata.labels.team == 'a' || true"),
  one('fails-plainly', "object.metadata.labels.team == 'a'", { failurePolicy: 'Ignore' }),
  one('host-path', 'object.spec.?volumes.orValue([]).all(v, !has(v.hostPath))'),
  one(
    'host-path-folders',
    "!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.hostPath) || v.hostPath.path.startsWith('/var/log'))",
  ),
  one('host-path-type', "!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.hostPath) || v.hostPath.type == 'Socket')"),
  one('host-namespaces', '!(has(object.spec.hostPID) && object.spec.hostPID) && !object.spec.?hostNetwork.orValue(false)'),
  one('host-namespaces-absent', 'object.spec.hostPID == false'),
  one(
    'capabilities',
    "variables.all.all(c, !has(c.securityContext) || !has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.add) || c.securityContext.capabilities.add.all(a, a != 'SYS_ADMIN'))",
    { variables: CONTAINERS },
  ),
  one(
    'capabilities-sets',
    "variables.all.all(c, !sets.intersects(c.?securityContext.?capabilities.?add.orValue([]), ['SYS_ADMIN', 'ALL', 'SYS_MODULE']))",
    { variables: CONTAINERS },
  ),
  one('capabilities-allowed', "variables.all.all(c, sets.contains(['CHOWN'], c.?securityContext.?capabilities.?add.orValue([])))", {
    variables: CONTAINERS,
  }),
  { name: 'hardened', spec: { ...policy(...HARDENED), variables: CONTAINERS } },
  one('account', "object.spec.serviceAccountName == 'default'"),
  one('account-named', "!has(object.spec.serviceAccountName) || !object.spec.serviceAccountName.matches('^(admin|root)-[a-z]+$')"),
  one('account-size', 'size(object.spec.serviceAccountName) <= 7'),
  one('image', "object.spec.containers.all(c, c.image.startsWith('registry.example.org/'))"),
  one('image-tag', "object.spec.containers.all(c, c.image.contains(':') && !c.image.endsWith(':latest'))"),
  one('image-split', "object.spec.containers.all(c, c.image.split('/')[0] == 'registry.example.org')"),
  one('image-replace', "object.spec.containers.all(c, c.image.replace('registry', 'r').upperAscii() != 'I')"),
  one('labels', "has(object.metadata.labels) && 'team' in object.metadata.labels && object.metadata.labels['team'] != ''"),
  one('annotations', "object.metadata.?annotations['a/b'].orValue('') == 'yes'"),
  one('resources', "object.spec.containers.all(c, has(c.resources.limits) && 'memory' in c.resources.limits)"),
  one('quantity', "object.spec.containers.all(c, quantity(c.resources.limits['memory']).isLessThan(quantity('1Gi')))"),
  ...QUANTITIES.map((expression, index) => one(`quantity-${index}`, expression)),
  one('quantity-fails', "quantity('500m').asInteger() == 0"),
  one(
    'number',
    'object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.runAsUser) || c.securityContext.runAsUser >= 1000)',
  ),
  one(
    'nonroot',
    'object.spec.?securityContext.?runAsNonRoot.orValue(false) || object.spec.containers.all(c, c.?securityContext.?runAsNonRoot.orValue(false))',
  ),
  one('exactly-one', "object.spec.containers.exists_one(c, c.name == 'c')"),
  one('ternary', 'has(object.spec.initContainers) ? size(object.spec.initContainers) == 0 : object.spec.containers.size() == 1'),
  one('optional-map', 'object.spec.?securityContext.?runAsUser.optMap(u, u > 0).orValue(true)'),
  one('optional-value', 'object.spec.?hostPID.hasValue() == false'),
  one(
    'request',
    "request.operation == 'CREATE' && request.kind.kind == 'Pod' && request.resource.resource == 'pods' && request.namespace.startsWith('ns')",
  ),
  one('request-sub', 'has(request.subResource)'),
  one('user', "request.userInfo.username.startsWith('system:serviceaccount:')"),
  one('groups', "'system:masters' in request.userInfo.groups"),
  one('old', 'oldObject == null'),
  one('namespace-labels', "namespaceObject.metadata.labels['tier'] == 'open'"),
  { ...one('namespace-labels-open', "namespaceObject.metadata.labels['tier'] == 'open'"), labels: { tier: 'open' } },
  one('namespace-name', "namespaceObject.metadata.name == 'other'"),
  one('authorizer', "authorizer.group('').resource('secrets').check('get').allowed()"),
  one('conditions', 'false', { matchConditions: [{ name: 'x', expression: 'object.spec.?hostPID.orValue(false) == true' }] }),
  one('conditions-fail', 'false', { matchConditions: [{ name: 'x', expression: 'object.spec.hostPID == true' }] }),
  one('conditions-fail-ignored', 'false', {
    failurePolicy: 'Ignore',
    matchConditions: [{ name: 'x', expression: 'object.spec.hostPID == true' }],
  }),
  one('conditions-false-and-fail', 'false', {
    matchConditions: [
      { name: 'x', expression: 'object.spec.hostPID == true' },
      { name: 'y', expression: 'false' },
    ],
  }),
  one('arithmetic', '1 + 2 * 3 - 4 == 3 && 7 / 2 == 3 && 7 % 4 == 3 && -3 < 2 && 1.5 < 2.5'),
  one(
    'strings',
    "'ab' + 'c' == 'abc' && 'abc'.size() == 3 && 'aXb'.lowerAscii() == 'axb' && ['a', 'b'].join('-') == 'a-b' && 'b' in ['a', 'b'] && 'abc'.indexOf('c') == 2 && string(12) == '12' && int('7') == 7",
  ),
  one('types', "dyn(1) == dyn(1.0) && !(dyn('1') == dyn(1)) && [1, 2] == [1, 2] && {'a': 1} == {'a': 1} && [1, 2].isSorted()"),
  one('patterns', "'a-b'.matches('^[a-z]-[a-z]$') && !'a.b'.matches('^a[.]c') && 'xay'.matches('a')"),
  one('tokens', '!has(object.spec.volumes) || object.spec.volumes.all(v, !has(v.projected))'),
  one('mounts', 'object.spec.containers.all(c, !has(c.volumeMounts) || c.volumeMounts.all(m, m.?readOnly.orValue(false)))'),
  one(
    'policies-defaults',
    "object.spec.restartPolicy == 'Always' && object.spec.dnsPolicy == 'ClusterFirst' && has(object.spec.securityContext)",
  ),
  one('audited', 'true', { auditAnnotations: [{ key: 'x', valueExpression: 'string(object.spec.hostPID)' }] }),
  ruled('updates', { operations: ['UPDATE'] }),
  ruled('others', { resources: ['deployments'] }),
  ruled('subresources', { resources: ['pods/ephemeralcontainers'] }),
  ruled('all-subresources', { resources: ['pods/*'] }),
  ruled('everything', { resources: ['*'], apiGroups: ['*'], apiVersions: ['*'], operations: ['*'] }),
  ruled('cluster-scope', { scope: 'Cluster' }),
  ruled('other-version', { apiVersions: ['v2'] }),
  ruled('named', { resourceNames: ['trial'] }),
  ruled('named-otherwise', { resourceNames: ['other'] }),
  ruled('excluded', {}, { excludeResourceRules: [{ ...PODS, resourceNames: ['trial'] }] }),
  ruled('object-selector', {}, { objectSelector: { matchLabels: { guard: 'on' } } }),
  ruled('object-selector-not', {}, { objectSelector: { matchExpressions: [{ key: 'free', operator: 'DoesNotExist' }] } }),
  { name: 'warns', spec: policy('false'), binding: { validationActions: ['Warn', 'Audit'] } },
  { name: 'binding-selector', spec: policy('false'), binding: { matchResources: { objectSelector: { matchLabels: { guard: 'on' } } } } },
  {
    name: 'parameters',
    spec: {
      ...policy("object.spec.containers.all(c, c.image in params.data['images'].split(','))"),
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    },
    binding: { paramRef: { name: 'p', parameterNotFoundAction: 'Deny' } },
    objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'p' }, data: { images: 'i,j' } }],
  },
  {
    name: 'parameters-missing',
    spec: { ...policy("params.data['x'] == 'y'"), paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } },
    binding: { paramRef: { name: 'gone', parameterNotFoundAction: 'Deny' } },
  },
  {
    name: 'parameters-selected',
    spec: {
      ...policy("!(object.spec.containers[0].image in params.data['images'].split(','))"),
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    },
    binding: { paramRef: { selector: { matchLabels: { for: 'pods' } }, parameterNotFoundAction: 'Deny' } },
    objects: ['a', 'i'].map((images, index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `p${index}`, labels: { for: 'pods' } },
      data: { images },
    })),
  },
  { name: 'parameters-unbound', spec: { ...policy('params == null'), paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } } },
];
