import type { ApiObject, Tables, Workload } from '../../model/index.ts';
import { CONTAINER, documents, withContainer } from '../examples.ts';
import { type Hit, defineRule, mitre } from '../rule.ts';

const SSH = 22;
/** Where images that may not be root put it; only a Service shows that it is meant. */
const SSH_UNPRIVILEGED = 2222;

type Service = ApiObject<'Service'>;

export const rule = defineRule({
  id: 'ssh-server',
  title: 'SSH port in a container or its Service',
  severity: 'medium',
  area: 'pod-security',
  rationale:
    'A shell by SSH is a second way into the container, with keys and passwords that no RBAC rule limits and no API audit log shows.',
  remedy:
    'Remove the SSH server and its port, and use kubectl exec or debug, which RBAC controls and the audit log records. Where SSH is the service itself (a Git host, SFTP), keep it apart from other programs and except it by name.',
  controls: mitre('T1021.004'),
  aliases: { kubescape: ['C-0042'], 'kube-linter': ['ssh-port'] },
  effort: 'medium',
  scope: 'workload',
  reads: ['Service', 'workloads'],
  check(workload, tables) {
    let hits: Hit[] | undefined;
    for (const { spec, name, path } of workload.containers) {
      if (spec.ports === undefined) continue;
      const index = spec.ports.findIndex(({ containerPort, protocol = 'TCP' }) => containerPort === SSH && protocol === 'TCP');
      if (index >= 0)
        (hits ??= []).push({
          message: `container "${name}" listens on port ${SSH}, the port of SSH`,
          path: `${path}.ports[${index}].containerPort`,
          key: `container ${name}`,
        });
    }
    const services = sshServices(tables).get(workload);
    if (services === undefined) return hits;
    for (const service of services) {
      const message = `Service "${service.name}" leads to an SSH port of the pod`;
      const also = [{ object: service, path: `spec.ports[${sshPort(service)}]` }];
      (hits ??= []).push({ message, path: `${workload.podMetadataPath}.labels`, also, key: `service ${service.name}` });
    }
    return hits;
  },
  examples: () => ({
    good: [
      withContainer('ports: [{containerPort: 2222}]'),
      withContainer('ports: [{containerPort: 22, protocol: UDP}]'),
      documents(withContainer('ports: [{containerPort: 8080}]'), service('app: web', 'port: 80, targetPort: 8080')),
      documents(withContainer('ports: [{containerPort: 2222}]'), service('app: other', 'port: 22, targetPort: 2222')),
    ],
    bad: [
      { yaml: withContainer('ports: [{containerPort: 8080}, {containerPort: 22}]'), path: `${CONTAINER}.ports[1].containerPort` },
      { yaml: documents(withContainer(''), service('app: web', 'port: 22, targetPort: 2222')), path: 'spec.template.metadata.labels' },
    ],
  }),
});

/** Made once for a table of Services. */
const KNOWN = new WeakMap<object, ReadonlyMap<Workload, readonly Service[]>>();

/** The Services with an SSH port by the workloads that they lead to. */
function sshServices({ Service, workloads }: Pick<Tables, 'Service' | 'workloads'>): ReadonlyMap<Workload, readonly Service[]> {
  const known = KNOWN.get(Service);
  if (known !== undefined) return known;
  const found = new Map<Workload, Service[]>();
  for (const service of Service.all) {
    if (sshPort(service) < 0) continue;
    for (const workload of workloads.selectedBy(service.namespace, service.body.spec?.selector)) {
      const list = found.get(workload);
      if (list === undefined) found.set(workload, [service]);
      else list.push(service);
    }
  }
  KNOWN.set(Service, found);
  return found;
}

/** Index of the first port that leads to SSH, or -1. */
function sshPort(service: Service): number {
  const ports = service.body.spec?.ports ?? [];
  return ports.findIndex(
    ({ port, targetPort = port, protocol = 'TCP' }) =>
      protocol === 'TCP' && (isSsh(targetPort) || (port === SSH && typeof targetPort === 'string')),
  );
}

function isSsh(port: number | string | undefined): boolean {
  return port === SSH || port === SSH_UNPRIVILEGED;
}

function service(selector: string, port: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {${selector}}, ports: [{${port}}]}`;
}
