/**
 * Workloads that Prometheus' operator makes of its own objects, where they are not in the input: their pods are known
 * all the same, by the labels, ports and arguments that the operator gives them (prometheus-operator pkg/prometheus,
 * pkg/alertmanager), and a default for their namespace would cut them off.
 */
import { type Raw, recordAt, recordsAt, textAt } from '../../engines/network/index.ts';
import type { SourceObject } from '../../snapshot/index.ts';

interface Maker {
  name: string;
  image: string;
  ports: Raw[];
  args: (name: string, namespace: string) => string[];
}

const WEB = { name: 'web', protocol: 'TCP' };
const MAKERS: Readonly<Record<string, Maker>> = {
  Prometheus: { name: 'prometheus', image: 'quay.io/prometheus/prometheus', ports: [{ ...WEB, containerPort: 9090 }], args: () => [] },
  Alertmanager: {
    name: 'alertmanager',
    image: 'quay.io/prometheus/alertmanager',
    ports: [
      { ...WEB, containerPort: 9093 },
      { name: 'mesh-tcp', protocol: 'TCP', containerPort: 9094 },
      { name: 'mesh-udp', protocol: 'UDP', containerPort: 9094 },
    ],
    args: (name, namespace) => [`--cluster.peer=alertmanager-${name}-0.alertmanager-operated.${namespace}.svc:9094`],
  },
};

/** With the origin of the object that each is made of. */
export function madeByOperators(sources: readonly SourceObject[]): SourceObject[] {
  const there = new Set(sources.map(({ object }) => keyOf(object)));
  const made = sources.flatMap(({ object, origin }): SourceObject[] => {
    const maker = MAKERS[textAt(object, 'kind')];
    if (maker === undefined || !textAt(object, 'apiVersion').startsWith('monitoring.coreos.com/')) return [];
    return objectsOf(object, maker).map((one) => ({ object: one, origin }));
  });
  // Several share the Service that all of them have.
  const unique = new Map(made.map((one) => [keyOf(one.object), one]));
  return [...unique].filter(([key]) => !there.has(key)).map(([, one]) => one);
}

function keyOf(object: Raw): string {
  const metadata = recordAt(object, 'metadata');
  return `${textAt(object, 'kind')}/${textAt(metadata, 'namespace') || 'default'}/${textAt(metadata, 'name')}`;
}

function objectsOf(object: Raw, maker: Maker): Raw[] {
  const [metadata, spec] = [recordAt(object, 'metadata'), recordAt(object, 'spec')];
  const [own, namespace] = [textAt(metadata, 'name'), textAt(metadata, 'namespace') || 'default'];
  const labels = {
    ...recordAt(spec, 'podMetadata', 'labels'),
    'app.kubernetes.io/name': maker.name,
    'app.kubernetes.io/instance': own,
    [maker.name]: own,
  };
  const container = { name: maker.name, image: maker.image, ports: maker.ports, args: maker.args(own, namespace) };
  const pod = {
    ...(textAt(spec, 'serviceAccountName') !== '' && { serviceAccountName: textAt(spec, 'serviceAccountName') }),
    ...(spec.hostNetwork === true && { hostNetwork: true }),
    containers: [container, ...recordsAt(spec, 'containers').filter(({ name }) => name !== maker.name)],
  };
  const name = `${maker.name}-operated`;
  const ports = maker.ports.map((port) => ({ name: port.name, protocol: port.protocol, port: port.containerPort, targetPort: port.name }));
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: `${maker.name}-${own}`, namespace },
      spec: { serviceName: name, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { clusterIP: 'None', selector: { 'app.kubernetes.io/name': maker.name }, ports },
    },
  ];
}
