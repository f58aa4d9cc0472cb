/**
 * Definitions of the kinds of policy.networking.k8s.io with the checks of the last releases that served them (v0.1.7 for
 * v1alpha1, v0.2.0 for v1alpha2, experimental channel), in our own words: a real API server then says what it refuses.
 */

type Schema = Readonly<Record<string, unknown>>;

const text = (more: Schema = {}): Schema => ({ type: 'string', ...more });
const list = (items: Schema, minItems: number, maxItems: number): Schema => ({ type: 'array', items, minItems, maxItems });
const object = (properties: Record<string, Schema>, more: Schema = {}): Schema => ({ type: 'object', properties, ...more });
const ONE = { minProperties: 1, maxProperties: 1 };
const check = (rule: string): Schema => ({ 'x-kubernetes-validations': [{ rule }] });

const SELECTOR = object({
  matchLabels: { type: 'object', additionalProperties: text() },
  matchExpressions: {
    type: 'array',
    items: object({ key: text(), operator: text(), values: { type: 'array', items: text() } }, { required: ['key', 'operator'] }),
  },
});
const PORT = { type: 'integer', format: 'int32', minimum: 1, maximum: 65535 };
const PROTOCOL = text({ default: 'TCP' });
const CIDR = text({ maxLength: 43, ...check('isCIDR(self)') });
const DOMAIN = text({
  pattern: String.raw`^(\*\.)?([a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$`,
});
const SET = { 'x-kubernetes-list-type': 'set' };

const OLD_PORT = object(
  {
    portNumber: object({ protocol: PROTOCOL, port: PORT }, { required: ['port', 'protocol'] }),
    portRange: object({ protocol: PROTOCOL, start: PORT, end: PORT }, { required: ['start', 'end'] }),
    namedPort: text(),
  },
  ONE,
);
const RANGE = object({ start: PORT, end: PORT }, { required: ['start', 'end'], ...check('self.start < self.end') });
const FORM = object({ destinationPort: object({ number: PORT, range: RANGE }, ONE) }, { minProperties: 1 });
const NEW_PROTOCOL = object({ tcp: FORM, udp: FORM, sctp: FORM, destinationNamedPort: text() }, ONE);

interface Words {
  kind: string;
  plural: string;
  version: string;
  actions: readonly string[];
  most: number;
  ports: readonly [field: string, form: Schema, name: string];
  required: readonly string[];
  /** Of a pair of selectors. */
  pair: readonly string[];
  fields: Record<string, Schema>;
  peers: Record<string, Schema>;
}

function definition({ kind, plural, version, actions, most, ports, required, pair, fields, peers }: Words): unknown {
  const pods = { namespaces: SELECTOR, pods: object({ namespaceSelector: SELECTOR, podSelector: SELECTOR }, { required: pair }) };
  const places = { nodes: SELECTOR, networks: { ...list(CIDR, 1, 25), ...SET }, ...peers };
  const [field, form, name] = ports;
  const rule = (ends: string, peer: Schema): Schema =>
    object(
      { name: text({ maxLength: 100 }), action: text({ enum: actions }), [ends]: list(peer, 1, most), [field]: list(form, 1, most) },
      { required: ['action', ends] },
    );
  const at = Object.keys(places)
    .map((one) => `has(p.${one})`)
    .join('||');
  const egress = {
    ...rule('to', object({ ...pods, ...places }, ONE)),
    ...check(`!(self.to.exists(p, ${at}) && has(self.${field}) && self.${field}.exists(q, has(q.${name})))`),
  };
  const spec = object(
    {
      ...fields,
      subject: object(pods, ONE),
      ingress: { type: 'array', items: rule('from', object(pods, ONE)), maxItems: most },
      egress: { type: 'array', items: egress, maxItems: most },
    },
    { required },
  );
  const named = kind === 'BaselineAdminNetworkPolicy' ? check("self.metadata.name == 'default'") : {};
  const schema = { openAPIV3Schema: object({ metadata: { type: 'object' }, spec }, { required: ['metadata', 'spec'], ...named }) };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.policy.networking.k8s.io`,
      annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests of what is refused' },
    },
    spec: {
      group: 'policy.networking.k8s.io',
      scope: 'Cluster',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
}

const PRIORITY = { type: 'integer', format: 'int32', minimum: 0, maximum: 1000 };
const OLD = { version: 'v1alpha1', most: 100, pair: ['namespaceSelector', 'podSelector'] };
const OLD_PORTS = ['ports', OLD_PORT, 'namedPort'] as const;
const NAMES = { domainNames: { ...list(DOMAIN, 1, 25), ...SET } };

/** As a list that kubectl applies. */
export const ADMIN_DEFINITIONS = JSON.stringify({
  apiVersion: 'v1',
  kind: 'List',
  items: [
    definition({
      ...OLD,
      kind: 'AdminNetworkPolicy',
      plural: 'adminnetworkpolicies',
      actions: ['Allow', 'Deny', 'Pass'],
      ports: OLD_PORTS,
      required: ['priority', 'subject'],
      fields: { priority: PRIORITY },
      peers: NAMES,
    }),
    definition({
      ...OLD,
      kind: 'BaselineAdminNetworkPolicy',
      plural: 'baselineadminnetworkpolicies',
      actions: ['Allow', 'Deny'],
      ports: OLD_PORTS,
      required: ['subject'],
      fields: {},
      peers: {},
    }),
    definition({
      kind: 'ClusterNetworkPolicy',
      plural: 'clusternetworkpolicies',
      version: 'v1alpha2',
      most: 25,
      pair: ['podSelector'],
      actions: ['Accept', 'Deny', 'Pass'],
      ports: ['protocols', NEW_PROTOCOL, 'destinationNamedPort'],
      required: ['priority', 'subject', 'tier'],
      fields: { priority: PRIORITY, tier: text({ enum: ['Admin', 'Baseline'] }) },
      peers: NAMES,
    }),
  ],
});
