/** Getting between others and what they talk to. None of it is a way in by itself. */
import { account, allow, allowTo, pod } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { right } from '../right.ts';

const STEPS = [
  { edge: 'POD_LABEL_HIJACK', asked: right('update,patch pods'), what: 'pods' },
  { edge: 'POD_LABEL_HIJACK', asked: right('update,patch pods/status'), what: 'pods' },
  { edge: 'ENDPOINTSLICE_HIJACK', asked: right('create,update,patch endpoints'), what: 'Services' },
  { edge: 'ENDPOINTSLICE_HIJACK', asked: right('create,update,patch endpointslices'), what: 'Services' },
  { edge: 'SERVICE_EXTERNALIP', asked: right('create,update,patch services'), what: 'addresses' },
  { edge: 'SERVICE_EXTERNALIP', asked: right('update,patch services/status'), what: 'addresses' },
  { edge: 'SERVICE_SELECTOR', asked: right('update,patch services'), what: 'Services' },
  { edge: 'GATEWAY_ROUTE_HIJACK', asked: right('create,update,patch httproutes'), what: 'gateways' },
  { edge: 'GATEWAY_ROUTE_HIJACK', asked: right('create,update,patch referencegrants'), what: 'gateways' },
] as const;
const MESH = ['authorizationpolicies', 'peerauthentications', 'requestauthentications', 'envoyfilters'].map((resource) =>
  right(`create,update,patch,delete ${resource}`),
);
const CONFIG_MAPS = right('update,patch configmaps');

export const family = defineFamily({
  edges: {
    POD_LABEL_HIJACK: { says: 'put pods behind Services by their labels', mitigation: 'Do not grant writes of pods or their status.' },
    ENDPOINTSLICE_HIJACK: {
      says: 'point Services at addresses of its own',
      mitigation: 'Do not grant writes of Endpoints and EndpointSlices; edit has none since 1.22.',
    },
    SERVICE_EXTERNALIP: { says: 'claim addresses for its Service', mitigation: 'Turn on the admission plugin DenyServiceExternalIPs.' },
    SERVICE_SELECTOR: { says: 'have a Service lead to its own pods', mitigation: 'Name the Services in resourceNames.' },
    COREDNS_CONFIG: { says: 'answer for any name of the cluster', mitigation: 'Protect the ConfigMap coredns.' },
    GATEWAY_ROUTE_HIJACK: {
      says: 'attach a route to a shared gateway',
      mitigation: 'Let gateways take routes of their own namespace only.',
    },
    MESH_POLICY_WRITE: {
      says: 'loosen the policies of the mesh',
      mitigation: 'Keep policies of the mesh out of the roles of those whom they confine.',
    },
    MESH_IDENTITY: {
      says: "speak as its account's identity in the mesh",
      mitigation: 'Authorize in the mesh by accounts that only one workload runs as.',
    },
  },
  rights: [...STEPS.map(({ asked }) => asked), ...MESH, CONFIG_MAPS],
  draw(scene) {
    for (const { edge, asked, what } of STEPS) {
      for (const { vertex, namespace } of scene.held(asked))
        scene.step(edge, vertex, scene.builder.vertex(`TrafficIntercept/${what} in ${namespace}`));
    }
    for (const { vertex, namespace } of MESH.flatMap((asked) => [...scene.held(asked)]))
      scene.step('MESH_POLICY_WRITE', vertex, scene.builder.vertex(`PolicyBypass/mesh of ${namespace}`));
    for (const { vertex, namespace, name } of scene.held(CONFIG_MAPS)) {
      if (namespace === 'kube-system' && (name === undefined || name === 'coredns'))
        scene.step('COREDNS_CONFIG', vertex, scene.builder.vertex('TrafficIntercept/names'));
    }
    for (const { vertex, container } of scene.units) {
      const { workload } = container;
      const proxy = workload.containers.find((each) => PROXIES.has(each.name));
      if (proxy === undefined) continue;
      const gives = scene.builder.vertex(`MeshPrincipal/${workload.namespace}/${workload.serviceAccount}`);
      scene.step({ edge: 'MESH_IDENTITY', where: { object: workload.object, path: proxy.path } }, vertex, gives);
    }
  },
  examples: () => [
    {
      edge: 'POD_LABEL_HIJACK',
      objects: [account('a/x'), ...allow('a', 'patch pods')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/pods in a',
    },
    {
      edge: 'POD_LABEL_HIJACK',
      objects: [account('a/x'), ...allow('a', 'list pods')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/pods in a',
      because: 'listing changes no label',
    },
    {
      edge: 'ENDPOINTSLICE_HIJACK',
      objects: [account('a/x'), ...allow('a', 'create endpointslices')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/Services in a',
    },
    {
      edge: 'ENDPOINTSLICE_HIJACK',
      objects: [account('a/x'), ...allow('a', 'create endpointslices.apps')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/Services in a',
      because: 'the group is not theirs',
    },
    {
      edge: 'SERVICE_EXTERNALIP',
      objects: [account('a/x'), ...allow('a', 'create services')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/addresses in a',
    },
    {
      edge: 'SERVICE_EXTERNALIP',
      objects: [account('a/x'), ...allow('a', 'get services')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/addresses in a',
      because: 'reading claims nothing',
    },
    {
      edge: 'SERVICE_SELECTOR',
      objects: [account('a/x'), ...allow('a', 'patch services:web')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/Services in a',
    },
    {
      edge: 'SERVICE_SELECTOR',
      objects: [account('a/x'), ...allow('a', 'create services')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/Services in a',
      because: 'a new Service takes no traffic of others',
    },
    {
      edge: 'COREDNS_CONFIG',
      objects: [account('a/x'), ...allowTo('a/x', 'kube-system', 'patch configmaps:coredns')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/names',
    },
    {
      edge: 'COREDNS_CONFIG',
      objects: [account('a/x'), ...allow('a', 'patch configmaps:coredns')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/names',
      because: 'it is another ConfigMap of that name',
    },
    {
      edge: 'GATEWAY_ROUTE_HIJACK',
      objects: [account('a/x'), ...allow('a', 'create httproutes')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/gateways in a',
    },
    {
      edge: 'GATEWAY_ROUTE_HIJACK',
      objects: [account('a/x'), ...allow('a', 'watch httproutes')],
      from: 'ServiceAccount/a/x',
      to: 'TrafficIntercept/gateways in a',
      because: 'watching attaches nothing',
    },
    {
      edge: 'MESH_POLICY_WRITE',
      objects: [account('a/x'), ...allow('a', 'delete authorizationpolicies')],
      from: 'ServiceAccount/a/x',
      to: 'PolicyBypass/mesh of a',
    },
    {
      edge: 'MESH_POLICY_WRITE',
      objects: [account('a/x'), ...allow('a', 'get authorizationpolicies')],
      from: 'ServiceAccount/a/x',
      to: 'PolicyBypass/mesh of a',
      because: 'reading loosens nothing',
    },
    {
      edge: 'MESH_IDENTITY',
      objects: [meshed('istio-proxy')],
      from: 'Container/a/p/c',
      to: 'MeshPrincipal/a/s',
    },
    {
      edge: 'MESH_IDENTITY',
      objects: [meshed('logger')],
      from: 'Container/a/p/c',
      to: 'MeshPrincipal/a/s',
      because: 'no proxy of a mesh is beside it',
    },
  ],
});

/** Beside a container, by its name: what asks the mesh for the certificate of the pod's account. */
const PROXIES: ReadonlySet<string> = new Set(['istio-proxy', 'linkerd-proxy', 'kuma-sidecar', 'consul-dataplane']);

function meshed(name: string): Readonly<Record<string, unknown>> {
  const containers = [
    { name: 'c', image: 'app' },
    { name, image: 'proxy' },
  ];
  return pod('a/p', { serviceAccountName: 's', containers });
}
