/** Shapes of policies, right and wrong, each with a name; whether they are taken is asked of a real API server. */

type Raw = Record<string, unknown>;

export interface Shape {
  readonly name: string;
  readonly object: Raw;
}

const np = (spec: unknown): Raw => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p' }, spec });
const from = (peer: unknown): Raw => np({ podSelector: {}, ingress: [{ from: [peer] }] });
const block = (cidr: unknown, ...except: unknown[]): Raw => from({ ipBlock: { cidr, ...(except.length > 0 && { except }) } });
const port = (one: unknown): Raw => np({ podSelector: {}, ingress: [{ ports: [one] }] });
const select = (podSelector: unknown): Raw => np({ podSelector });
const by = (expression: unknown): Raw => select({ matchExpressions: [expression] });
const long = (length: number, letter = 'a'): string => letter.repeat(length);

/** Of an object that is right otherwise. */
function metadataShapes(object: Raw): Record<string, Raw> {
  const labels = (all: unknown): Raw => ({ ...object, metadata: { ...(object.metadata as Raw), labels: all } });
  const annotations = (all: unknown): Raw => ({ ...object, metadata: { ...(object.metadata as Raw), annotations: all } });
  return {
    'own labels and annotations': {
      ...object,
      metadata: { ...(object.metadata as Raw), labels: { 'a.b/c': 'D' }, annotations: { 'A.b/C': 'd e' } },
    },
    'own labels of null': labels(null),
    'own labels in a list': labels(['a']),
    'own label of null': labels({ a: null }),
    'own label of a number': labels({ a: 2 }),
    'own label of a truth value': labels({ a: true }),
    'own label with a blank': labels({ a: 'b c' }),
    'own label of 64': labels({ a: long(64) }),
    'own label with a blank in its key': labels({ 'a b': 'c' }),
    'own label with a prefix in capitals': labels({ 'A.b/c': 'd' }),
    'own annotation of null': annotations({ a: null }),
    'own annotation of a number': annotations({ a: 2 }),
    'own annotation with a blank in its key': annotations({ 'a b': 'c' }),
    'own annotation without a key': annotations({ '': 'c' }),
  };
}

const NETWORK_POLICIES: Readonly<Record<string, Raw>> = {
  empty: np({}),
  'spec of null': np(null),
  'no spec': { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p' } },
  'null rule': np({ podSelector: {}, ingress: [null] }),
  'rules in no list': np({ podSelector: {}, ingress: {} }),
  ...metadataShapes(np({})),
  'three types': np({ podSelector: {}, policyTypes: ['Ingress', 'Egress', 'Ingress'] }),
  'the same type twice': np({ podSelector: {}, policyTypes: ['Ingress', 'Ingress'] }),
  'type in small letters': np({ podSelector: {}, policyTypes: ['ingress'] }),
  'empty type': np({ podSelector: {}, policyTypes: [''] }),
  'null types': np({ podSelector: {}, policyTypes: null }),
  'name in capitals': { ...np({ podSelector: {} }), metadata: { name: 'Web' } },
  'name with dots': { ...np({ podSelector: {} }), metadata: { name: 'a.b-1' } },
  'name with a line below': { ...np({ podSelector: {} }), metadata: { name: 'a_b' } },
  'name of 254': { ...np({ podSelector: {} }), metadata: { name: long(254) } },
  'no name': { ...np({ podSelector: {} }), metadata: {} },
  'made name': { ...np({ podSelector: {} }), metadata: { generateName: 'web-' } },
  'made name in capitals': { ...np({ podSelector: {} }), metadata: { generateName: 'Web-' } },
  'empty peer': from({}),
  'null peer': from(null),
  'peer of null selector': from({ podSelector: null }),
  'peer of two selectors': from({ podSelector: {}, namespaceSelector: {} }),
  'block and selector': from({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }),
  'block and null selector': from({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: null }),
  'block of nothing': from({ ipBlock: {} }),
  'no prefix': block('10.0.0.0'),
  'prefix of 33': block('10.0.0.0/33'),
  'prefix of 129': block('fd00::/129'),
  'bits behind the prefix': block('10.0.0.1/8'),
  'zeros before': block('010.0.0.0/8'),
  'many zeros before': block('0010.0.0.0/8'),
  'zeros in the prefix': block('10.0.0.0/08'),
  'prefix of four digits': block('10.0.0.0/0008'),
  'prefix with a sign': block('10.0.0.0/+8'),
  'IPv4 inside of IPv6': block('::ffff:10.0.0.0/104'),
  'IPv4 inside of IPv6, too wide': block('::ffff:10.0.0.0/90'),
  'IPv6 with a dotted end': block('64:ff9b::10.0.0.0/120'),
  'IPv6 in capitals': block('FD00::/16'),
  'IPv6 with long groups': block('0fd00::/16'),
  'IPv6 with a zone': block('fe80::1%eth0/64'),
  'two gaps': block('fd00::1::/64'),
  'a space': block(' 10.0.0.0/8'),
  'range as a number': block(10),
  'except outside': block('10.0.0.0/8', '11.0.0.0/16'),
  'except as wide': block('10.0.0.0/8', '10.0.0.0/8'),
  'except wider': block('10.0.0.0/24', '10.0.0.0/16'),
  'except inside': block('10.0.0.0/8', '10.1.0.0/16'),
  'except with bits behind the prefix': block('10.0.0.0/8', '10.1.2.3/16'),
  'except of the other family': block('10.0.0.0/8', 'fd00::/16'),
  'null except': block('10.0.0.0/8', null),
  'except is no range': block('10.0.0.0/8', 'x'),
  'only a port': port({ port: 80 }),
  'null port entry': port(null),
  'empty port entry': port({}),
  'port 0': port({ port: 0 }),
  'port 65536': port({ port: 65536 }),
  'port of a fraction': port({ port: 80.5 }),
  'port as a text': port({ port: '80' }),
  'empty port name': port({ port: '' }),
  'port name of 15': port({ port: long(15) }),
  'port name of 16': port({ port: long(16) }),
  'port name in capitals': port({ port: 'Web' }),
  'port name with two lines': port({ port: 'a--b' }),
  'port name ends with a line': port({ port: 'a-' }),
  'port name begins with a digit': port({ port: '8a' }),
  'port name with a line below': port({ port: 'a_b' }),
  'end without port': port({ endPort: 80 }),
  'end of a name': port({ port: 'web', endPort: 80 }),
  'end before start': port({ port: 81, endPort: 80 }),
  'end at start': port({ port: 80, endPort: 80 }),
  'end 0': port({ port: 80, endPort: 0 }),
  'end 65536': port({ port: 80, endPort: 65536 }),
  'null end': port({ port: 80, endPort: null }),
  'end as a text': port({ port: 80, endPort: '90' }),
  'protocol in small letters': port({ protocol: 'tcp' }),
  'protocol of none': port({ protocol: '' }),
  'protocol ICMP': port({ protocol: 'ICMP' }),
  'protocol SCTP': port({ protocol: 'SCTP', port: 1 }),
  'label with a space': select({ matchLabels: { a: 'not ok' } }),
  'label as a number': select({ matchLabels: { a: 5 } }),
  'label of null': select({ matchLabels: { a: null } }),
  'label of nothing': select({ matchLabels: { a: '' } }),
  'label of 63': select({ matchLabels: { a: long(63) } }),
  'label of 64': select({ matchLabels: { a: long(64) } }),
  'label ends with a line': select({ matchLabels: { a: 'x-' } }),
  'key with a space': select({ matchLabels: { 'a b': 'x' } }),
  'key of 64': select({ matchLabels: { [long(64)]: 'x' } }),
  'key of nothing': select({ matchLabels: { '': 'x' } }),
  'key with a prefix': select({ matchLabels: { 'x.y/a_B.c': 'x' } }),
  'key with a prefix in capitals': select({ matchLabels: { 'X.y/a': 'x' } }),
  'key with an empty prefix': select({ matchLabels: { '/a': 'x' } }),
  'key with an empty name': select({ matchLabels: { 'a/': 'x' } }),
  'key with two slashes': select({ matchLabels: { 'a/b/c': 'x' } }),
  'key with a prefix of 254': select({ matchLabels: { [`${long(254)}/a`]: 'x' } }),
  'key with a prefix of 253': select({ matchLabels: { [`${long(253)}/a`]: 'x' } }),
  'expression of nothing': by({}),
  'expression of null': by(null),
  'no operator': by({ key: 'a' }),
  'operator unknown': by({ key: 'a', operator: 'Is' }),
  'operator Gt': by({ key: 'a', operator: 'Gt', values: ['1'] }),
  'operator in small letters': by({ key: 'a', operator: 'in', values: ['b'] }),
  'In without values': by({ key: 'a', operator: 'In' }),
  'In of no values': by({ key: 'a', operator: 'In', values: [] }),
  'In of null': by({ key: 'a', operator: 'In', values: [null] }),
  'NotIn without values': by({ key: 'a', operator: 'NotIn' }),
  'In of a wrong value': by({ key: 'a', operator: 'In', values: ['-'] }),
  'In of a number': by({ key: 'a', operator: 'In', values: [5] }),
  'Exists with values': by({ key: 'a', operator: 'Exists', values: ['b'] }),
  'Exists of no values': by({ key: 'a', operator: 'Exists', values: [] }),
  'DoesNotExist with values': by({ key: 'a', operator: 'DoesNotExist', values: ['b'] }),
  'expression with a wrong key': by({ key: 'a b', operator: 'Exists' }),
};

type Kind = 'ClusterNetworkPolicy' | 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy';
const ALLOW: Readonly<Record<Kind, string>> = {
  ClusterNetworkPolicy: 'Accept',
  AdminNetworkPolicy: 'Allow',
  BaselineAdminNetworkPolicy: 'Allow',
};
const PORTS: Readonly<Record<Kind, string>> = {
  ClusterNetworkPolicy: 'protocols',
  AdminNetworkPolicy: 'ports',
  BaselineAdminNetworkPolicy: 'ports',
};

function adminShapes(kind: Kind): Record<string, Raw> {
  const isNew = kind === 'ClusterNetworkPolicy';
  const baseline = kind === 'BaselineAdminNetworkPolicy';
  const make = (spec: unknown, name = baseline ? 'default' : 'a'): Raw => ({
    apiVersion: `policy.networking.k8s.io/${isNew ? 'v1alpha2' : 'v1alpha1'}`,
    kind,
    metadata: { name },
    spec,
  });
  const base = { ...(isNew && { tier: 'Admin' }), ...(!baseline && { priority: 1 }), subject: { namespaces: {} } };
  const spec = (more: Raw): Raw => make({ ...base, ...more });
  const egress = (more: Raw): Raw => spec({ egress: [{ action: ALLOW[kind], to: [{ namespaces: {} }], ...more }] });
  const ingress = (more: Raw): Raw => spec({ ingress: [{ action: ALLOW[kind], from: [{ namespaces: {} }], ...more }] });
  const to = (...peers: unknown[]): Raw => egress({ to: peers });
  const ports = (...list: unknown[]): Raw => egress({ [PORTS[kind]]: list });
  const times = (count: number, item: unknown): unknown[] => Array.from({ length: count }, () => item);
  const pods = { namespaceSelector: {}, podSelector: {} };
  const networks = (...list: unknown[]): Raw => to({ networks: list });
  const names = (...list: unknown[]): Raw => to({ domainNames: list });
  const one = isNew ? { tcp: { destinationPort: { number: 80 } } } : { portNumber: { port: 80 } };
  const named = (text: unknown): Raw => ({ [isNew ? 'destinationNamedPort' : 'namedPort']: text });
  const range = (start: unknown, end: unknown): Raw =>
    isNew ? { tcp: { destinationPort: { range: { start, end } } } } : { portRange: { start, end } };
  const most = isNew ? 25 : 100;
  return {
    plain: spec({}),
    ...metadataShapes(spec({})),
    'spec of null': make(null),
    'no subject': make({ ...base, subject: undefined }),
    'empty subject': spec({ subject: {} }),
    'subject of null': spec({ subject: { namespaces: null } }),
    'subject of two': spec({ subject: { namespaces: {}, pods } }),
    'subject of two, one null': spec({ subject: { namespaces: {}, pods: null } }),
    'subject without pods': spec({ subject: { pods: { namespaceSelector: {} } } }),
    'subject without namespaces': spec({ subject: { pods: { podSelector: {} } } }),
    'name in capitals': make(base, 'Web'),
    'another name': make(base, 'other'),
    'no priority': make({ ...base, priority: undefined }),
    'priority -1': spec({ priority: -1 }),
    'priority 1001': spec({ priority: 1001 }),
    'priority 1000': spec({ priority: 1000 }),
    'priority as a text': spec({ priority: '1' }),
    'priority of a fraction': spec({ priority: 1.5 }),
    'tier in small letters': spec({ tier: 'admin' }),
    'tier of NetworkPolicy': spec({ tier: 'NetworkPolicy' }),
    'no tier': make({ ...base, tier: undefined }),
    'null rules': spec({ ingress: null }),
    'null rule': spec({ ingress: [null] }),
    'rule name of 100': egress({ name: long(100) }),
    'rule name of 101': egress({ name: long(101) }),
    'rule name of 100 wide letters': egress({ name: long(100, '𝒜') }),
    'rule name of a number': egress({ name: 5 }),
    'no action': egress({ action: undefined }),
    'action Allow': egress({ action: 'Allow' }),
    'action Accept': egress({ action: 'Accept' }),
    'action Pass': egress({ action: 'Pass' }),
    'action in small letters': egress({ action: 'deny' }),
    'action of null': egress({ action: null }),
    'no peers': egress({ to: undefined }),
    'peers of null': egress({ to: null }),
    'empty peers': egress({ to: [] }),
    'empty peer': to({}),
    'null peer': to(null),
    'peer of two': to({ namespaces: {}, networks: ['10.0.0.0/8'] }),
    'peer of pods': to({ pods }),
    'peer of half a pair': to({ pods: { podSelector: {} } }),
    'peer of the other half': to({ pods: { namespaceSelector: {} } }),
    'peer unknown': to({ other: {} }),
    'peer of one and one unknown': to({ namespaces: {}, other: {} }),
    'networks in ingress': ingress({ from: [{ networks: ['10.0.0.0/8'] }] }),
    'nodes in ingress': ingress({ from: [{ nodes: {} }] }),
    nodes: to({ nodes: {} }),
    'no networks': networks(),
    'networks twice the same': networks('10.0.0.0/8', '10.0.0.0/8'),
    'networks twice the same in other words': networks('10.0.0.0/8', '10.0.0.1/8'),
    'networks with a null': networks(null),
    '25 networks': networks(...Array.from({ length: 25 }, (_, index) => `10.${index}.0.0/16`)),
    '26 networks': networks(...Array.from({ length: 26 }, (_, index) => `10.${index}.0.0/16`)),
    'network of no prefix': networks('10.0.0.0'),
    'network with bits behind the prefix': networks('10.0.0.1/8'),
    'network with zeros before': networks('010.0.0.0/8'),
    'network with zeros in the prefix': networks('10.0.0.0/08'),
    'network of IPv4 inside of IPv6': networks('::ffff:10.0.0.0/104'),
    'network of IPv6 with a dotted end': networks('64:ff9b::10.0.0.0/120'),
    'network with a zone': networks('fe80::1%eth0/64'),
    'network too long': networks('ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128'),
    'network of IPv6': networks('FD00::/16'),
    'network of IPv6 with long groups': networks('0fd00::/16'),
    'a name': names('example.com'),
    'a name of one word': names('localhost'),
    'a name with a star': names('*.example.com'),
    'a name with a star inside': names('a.*.com'),
    'a name with a star of half a word': names('a*.example.com'),
    'only a star': names('*'),
    'a star and one word': names('*.com'),
    'a name with a dot at the end': names('example.com.'),
    'a name in capitals with a line below': names('A_b.Example.com'),
    'a name with a line at the end': names('a-.com'),
    'an empty name': names(''),
    'no names': names(),
    'names twice the same': names('example.com', 'example.com'),
    '26 names': names(...Array.from({ length: 26 }, (_, index) => `n${index}.example.com`)),
    'names that are denied': egress({ action: 'Deny', to: [{ domainNames: ['example.com'] }] }),
    'names that are passed': egress({ action: 'Pass', to: [{ domainNames: ['example.com'] }] }),
    'names in ingress': ingress({ from: [{ domainNames: ['example.com'] }] }),
    'a port': ports(one),
    'no ports': ports(),
    'ports of null': egress({ [PORTS[kind]]: null }),
    'null port': ports(null),
    'empty port': ports({}),
    'port of two': ports({ ...one, ...named('web') }),
    'port of one and one unknown': ports({ ...one, other: {} }),
    'port 0': ports(isNew ? { udp: { destinationPort: { number: 0 } } } : { portNumber: { port: 0 } }),
    'port as a text': ports(isNew ? { udp: { destinationPort: { number: '80' } } } : { portNumber: { port: '80' } }),
    'no port': ports(isNew ? { udp: {} } : { portNumber: {} }),
    'null in the port': ports(isNew ? { udp: { destinationPort: null } } : { portNumber: { port: null } }),
    'protocol of null': ports(isNew ? { udp: null } : { portNumber: { port: 80, protocol: null } }),
    'protocol in small letters': ports({ portNumber: { port: 80, protocol: 'tcp' } }),
    'protocol ICMP': ports(isNew ? { icmp: {} } : { portRange: { start: 1, end: 2, protocol: 'ICMP' } }),
    'empty destination': ports({ sctp: { destinationPort: {} } }),
    'destination of two': ports({ sctp: { destinationPort: { number: 1, range: { start: 1, end: 2 } } } }),
    range: ports(range(1, 2)),
    'range of one': ports(range(5, 5)),
    'range reversed': ports(range(9, 5)),
    'range from 0': ports(range(0, 5)),
    'range without end': ports(range(1, undefined)),
    'port name': ports(named('web')),
    'port name in capitals': ports(named('Web_1')),
    'port name of nothing': ports(named('')),
    'port name of null': ports(named(null)),
    'port name to addresses': egress({ to: [{ networks: ['10.0.0.0/8'] }], [PORTS[kind]]: [named('web')] }),
    'port name to nodes': egress({ to: [{ nodes: {} }], [PORTS[kind]]: [named('web')] }),
    'port name to names': egress({ to: [{ domainNames: ['example.com'] }], [PORTS[kind]]: [named('web')] }),
    'most rules': spec({ egress: times(most, { action: 'Deny', to: [{ namespaces: {} }] }) }),
    'too many rules': spec({ egress: times(most + 1, { action: 'Deny', to: [{ namespaces: {} }] }) }),
    'too many peers': to(...times(most + 1, { namespaces: {} })),
    'too many ports': ports(...times(most + 1, one)),
    'label with a space': spec({ subject: { namespaces: { matchLabels: { a: 'not ok' } } } }),
    'label as a number': spec({ subject: { namespaces: { matchLabels: { a: 5 } } } }),
    'label of null': spec({ subject: { namespaces: { matchLabels: { a: null } } } }),
    'key with a space': spec({ subject: { namespaces: { matchLabels: { 'a b': 'x' } } } }),
    'operator unknown': spec({ subject: { namespaces: { matchExpressions: [{ key: 'a', operator: 'Is' }] } } }),
    'no operator': spec({ subject: { namespaces: { matchExpressions: [{ key: 'a' }] } } }),
    'no key': spec({ subject: { namespaces: { matchExpressions: [{ operator: 'Exists' }] } } }),
    'empty key': spec({ subject: { namespaces: { matchExpressions: [{ key: '', operator: 'Exists' }] } } }),
    'In without values': spec({ subject: { namespaces: { matchExpressions: [{ key: 'a', operator: 'In' }] } } }),
    'In of null': spec({ subject: { namespaces: { matchExpressions: [{ key: 'a', operator: 'In', values: [null] }] } } }),
    'In of a wrong value': spec({ subject: { namespaces: { matchExpressions: [{ key: 'a', operator: 'In', values: ['-'] }] } } }),
    'Exists with values': spec({ subject: { namespaces: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } } }),
  };
}

export const SHAPES: Readonly<Record<'NetworkPolicy' | Kind, readonly Shape[]>> = {
  NetworkPolicy: shapesOf(NETWORK_POLICIES),
  ClusterNetworkPolicy: shapesOf(adminShapes('ClusterNetworkPolicy')),
  AdminNetworkPolicy: shapesOf(adminShapes('AdminNetworkPolicy')),
  BaselineAdminNetworkPolicy: shapesOf(adminShapes('BaselineAdminNetworkPolicy')),
};

function shapesOf(table: Readonly<Record<string, Raw>>): Shape[] {
  // As it goes over the wire: what is undefined is not there.
  return Object.entries(table).map(([name, object]) => ({ name, object: JSON.parse(JSON.stringify(object)) as Raw }));
}
