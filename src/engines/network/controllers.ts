/** Pods that serve Ingresses, Routes and Gateways, as far as their labels tell: what they pass on comes from them. */
import { type Labels, mapMatches } from '../../model/index.ts';
import type { Lead } from './lead.ts';
import type { World } from './world.ts';

/** Labels that the charts and operators of well-known controllers give to the pods that pass traffic on. */
const KNOWN: readonly Labels[] = [
  { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
  { 'app.kubernetes.io/name': 'nginx-ingress' },
  { 'app.kubernetes.io/name': 'traefik' },
  { 'app.kubernetes.io/name': 'haproxy-ingress' },
  { 'app.kubernetes.io/name': 'kubernetes-ingress' },
  { 'app.kubernetes.io/name': 'kong' },
  { 'app.kubernetes.io/name': 'contour', 'app.kubernetes.io/component': 'envoy' },
  { istio: 'ingressgateway' },
  { 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller': 'default' },
];
/** What Gateway API wants on the pods that are made for a Gateway (GEP-1762). */
const OF_GATEWAY = 'gateway.networking.k8s.io/gateway-name';
const ENVOY = 'gateway.envoyproxy.io/owning-gateway';

export class Controllers {
  readonly #world: World;
  readonly #general: readonly number[];
  readonly #ofGateway = new Map<string, readonly number[]>();

  constructor(world: World) {
    this.#world = world;
    this.#general = podsWhere(world, (labels) => KNOWN.some((known) => mapMatches(known, labels)));
  }

  /** Those made for the Gateway of a lead, else all that are known to serve such objects; empty where none is seen. */
  of({ gateway }: Lead): readonly number[] {
    if (gateway === undefined) return this.#general;
    let found = this.#ofGateway.get(gateway);
    if (found === undefined) {
      const [namespace = '', name = ''] = gateway.split('/');
      found = podsWhere(
        this.#world,
        (labels, place) =>
          (place === namespace && labels[OF_GATEWAY] === name) ||
          (labels[`${ENVOY}-name`] === name && labels[`${ENVOY}-namespace`] === namespace),
      );
      this.#ofGateway.set(gateway, found);
    }
    return found.length > 0 ? found : this.#general;
  }
}

function podsWhere({ pods }: World, holds: (labels: Labels, namespace: string) => boolean): number[] {
  return pods.flatMap(({ labels, namespace, finished }, index) => (!finished && holds(labels, namespace) ? [index] : []));
}
