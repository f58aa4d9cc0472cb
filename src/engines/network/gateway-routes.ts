/**
 * Gateway API (gateway.networking.k8s.io, all versions): a route leads on what a listener of a Gateway takes, where the
 * listener allows routes of its kind and namespace and their names meet, to Services; to those of other namespaces only
 * by a ReferenceGrant there (sigs.k8s.io/gateway-api, apis/v1).
 */
import { groupOf } from '../../model/index.ts';
import { Field, Report } from './field.ts';
import { commonHosts } from './gateway-hosts.ts';
import { type Evidence, type Lead, evidenceOf, namespaceOf } from './lead.ts';
import { parseSelector } from './parse-selector.ts';
import { type Raw, recordAt, recordsAt, textAt } from './read.ts';
import { matches } from './selector.ts';
import { NAME_LABEL, type World, nameInNamespace } from './world.ts';

const GROUP = 'gateway.networking.k8s.io';

/** By the protocol of a listener the kinds of routes that it takes. Other protocols are somebody's own. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute', 'TCPRoute'],
  TCP: ['TCPRoute'],
  UDP: ['UDPRoute'],
};
/** Whose traffic says by itself which name it wants. */
const WITH_HOSTS = new Set(['HTTPRoute', 'GRPCRoute', 'TLSRoute']);

export function gatewayLeads(world: World): Lead[] {
  const objects = world.entrances.filter((object) => groupOf(textAt(object, 'apiVersion')) === GROUP);
  if (objects.length === 0) return [];
  const ofKind = (kind: string): Raw[] => objects.filter((object) => object.kind === kind);
  const known: Known = {
    world,
    gateways: new Map(ofKind('Gateway').map((gateway) => [nameInNamespace(gateway), gateway])),
    classes: new Map(ofKind('GatewayClass').map((one) => [textAt(recordAt(one, 'metadata'), 'name'), one])),
    grants: ofKind('ReferenceGrant'),
  };
  return objects.filter((object) => textAt(object, 'kind').endsWith('Route')).flatMap((route) => leadsOfRoute(route, known));
}

interface Known {
  world: World;
  gateways: ReadonlyMap<string, Raw>;
  classes: ReadonlyMap<string, Raw>;
  grants: readonly Raw[];
}

/** Where a route is attached, and for which names. */
interface Attachment extends Pick<Lead, 'hosts' | 'outerPort' | 'gateway' | 'missing'> {
  via: readonly Evidence[];
}

function leadsOfRoute(route: Raw, known: Known): Lead[] {
  const attachments = recordsAt(recordAt(route, 'spec'), 'parentRefs').flatMap((parent) => attachmentsTo(parent, route, known));
  if (attachments.length === 0) return [];
  const backends = backendRefs(route).flatMap((backend) => backendOf(backend, route, known));
  return attachments.flatMap((attachment) =>
    backends.map(({ via, ...backend }): Lead => ({
      by: 'gateway',
      ...attachment,
      via: [...attachment.via, ...via],
      ...backend,
      ofPods: false,
    })),
  );
}

function attachmentsTo(parent: Raw, route: Raw, { world, gateways, classes }: Known): Attachment[] {
  if ((textAt(parent, 'kind') || 'Gateway') !== 'Gateway' || (textAt(parent, 'group') || GROUP) !== GROUP) return [];
  const spec = recordAt(route, 'spec');
  const hosts = WITH_HOSTS.has(textAt(route, 'kind')) ? hostnamesOf(spec) : [];
  const name = `${textAt(parent, 'namespace') || namespaceOf(route)}/${textAt(parent, 'name')}`;
  const gateway = gateways.get(name);
  const outerPort = typeof parent.port === 'number' ? parent.port : undefined;
  if (gateway === undefined) return [{ hosts, outerPort, gateway: name, missing: `Gateway/${name}`, via: [] }];
  const className = textAt(recordAt(gateway, 'spec'), 'gatewayClassName');
  const missing = classes.size > 0 && !classes.has(className) ? `GatewayClass/${className}` : undefined;
  return recordsAt(recordAt(gateway, 'spec'), 'listeners').flatMap((listener, index): Attachment[] => {
    const wanted = textAt(parent, 'sectionName');
    if (wanted !== '' && wanted !== textAt(listener, 'name')) return [];
    if (outerPort !== undefined && outerPort !== listener.port) return [];
    if (!takesKind(listener, textAt(route, 'kind')) || !takesNamespace(listener, { gateway, route, world })) return [];
    const common = commonHosts(textAt(listener, 'hostname'), hosts);
    if (common === undefined) return [];
    const via = [evidenceOf(gateway, `spec.listeners[${index}]`, world)];
    const port = typeof listener.port === 'number' ? listener.port : undefined;
    return [{ hosts: common, outerPort: port, gateway: name, via, ...(missing !== undefined && { missing }) }];
  });
}

function takesKind(listener: Raw, kind: string): boolean {
  if (KINDS[textAt(listener, 'protocol')]?.includes(kind) !== true) return false;
  const allowed = recordsAt(recordAt(listener, 'allowedRoutes'), 'kinds');
  return allowed.length === 0 || allowed.some((one) => textAt(one, 'kind') === kind && (textAt(one, 'group') || GROUP) === GROUP);
}

function takesNamespace(listener: Raw, { gateway, route, world }: { gateway: Raw; route: Raw; world: World }): boolean {
  const namespaces = recordAt(listener, 'allowedRoutes', 'namespaces');
  const own = namespaceOf(route);
  switch (textAt(namespaces, 'from')) {
    case 'All':
      return true;
    case 'Selector': {
      const report = new Report(0, '');
      const selector = parseSelector(new Field(namespaces.selector, 'selector', report));
      // A selector that is not there, or that cannot be read, selects nothing.
      if (namespaces.selector === undefined || report.refused) return false;
      return matches(selector, world.namespaces.get(own) ?? { [NAME_LABEL]: own });
    }
    case 'None':
      return false;
    default:
      return own === namespaceOf(gateway);
  }
}

interface BackendRef {
  ref: Raw;
  path: string;
}

/** Where requests go, and where copies of them go. */
function backendRefs(route: Raw): BackendRef[] {
  const mirrors = (holder: Raw, path: string): BackendRef[] =>
    recordsAt(holder, 'filters').flatMap((filter, index) => {
      const mirror = recordAt(filter, 'requestMirror', 'backendRef');
      return textAt(mirror, 'name') === '' ? [] : [{ ref: mirror, path: `${path}.filters[${index}].requestMirror.backendRef` }];
    });
  return recordsAt(recordAt(route, 'spec'), 'rules').flatMap((rule, index) => {
    const path = `spec.rules[${index}]`;
    const refs = recordsAt(rule, 'backendRefs').flatMap((ref, at): BackendRef[] => {
      const here = `${path}.backendRefs[${at}]`;
      return ref.weight === 0 ? [] : [{ ref, path: here }, ...mirrors(ref, here)];
    });
    return [...refs, ...mirrors(rule, path)];
  });
}

function backendOf(
  { ref, path }: BackendRef,
  route: Raw,
  { world, grants }: Known,
): Pick<Lead, 'via' | 'protocol' | 'namespace' | 'service' | 'port'>[] {
  if ((textAt(ref, 'kind') || 'Service') !== 'Service' || textAt(ref, 'group') !== '') return [];
  const namespace = textAt(ref, 'namespace') || namespaceOf(route);
  const service = textAt(ref, 'name');
  const grant = namespace === namespaceOf(route) ? undefined : grants.find((one) => isGranted(one, route, { namespace, service }));
  if (namespace !== namespaceOf(route) && grant === undefined) return [];
  // Without a port a Service is no backend.
  if (typeof ref.port !== 'number') return [];
  const via = [evidenceOf(route, path, world), ...(grant === undefined ? [] : [evidenceOf(grant, 'spec', world)])];
  return [{ via, protocol: textAt(route, 'kind') === 'UDPRoute' ? 'UDP' : 'TCP', namespace, service, port: ref.port }];
}

/** By the owner of the namespace that is led to: routes of that kind and namespace, to this Service or to any. */
function isGranted(grant: Raw, route: Raw, to: { namespace: string; service: string }): boolean {
  if (namespaceOf(grant) !== to.namespace) return false;
  const spec = recordAt(grant, 'spec');
  const [kind, namespace] = [textAt(route, 'kind'), namespaceOf(route)];
  return (
    recordsAt(spec, 'from').some(
      (from) => textAt(from, 'group') === GROUP && textAt(from, 'kind') === kind && textAt(from, 'namespace') === namespace,
    ) &&
    recordsAt(spec, 'to').some(
      (one) => textAt(one, 'group') === '' && textAt(one, 'kind') === 'Service' && ['', to.service].includes(textAt(one, 'name')),
    )
  );
}

function hostnamesOf(spec: Raw): string[] {
  return Array.isArray(spec.hostnames) ? spec.hostnames.filter((host) => typeof host === 'string') : [];
}
