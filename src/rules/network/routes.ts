/** Routes of the Gateway API. */
import type { ApiObject } from '../../model/index.ts';

export const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'] as const;
export type Route = ApiObject<(typeof ROUTE_KINDS)[number]>;

interface RouteBackend {
  readonly namespace: string;
  readonly service: string;
  readonly port: number | undefined;
  /** Path of the Service's name. */
  readonly path: string;
}

/** The Services that a route leads to; backends of other kinds are left out. */
export function routeBackends({ body, namespace }: Route): RouteBackend[] {
  const found: RouteBackend[] = [];
  for (const [index, rule] of (body.spec?.rules ?? []).entries()) {
    for (const [at, ref] of (rule.backendRefs ?? []).entries()) {
      if ((ref.group ?? '') !== '' || (ref.kind ?? 'Service') !== 'Service' || !ref.name) continue;
      found.push({
        namespace: ref.namespace || namespace,
        service: ref.name,
        port: ref.port,
        path: `spec.rules[${index}].backendRefs[${at}].name`,
      });
    }
  }
  return found;
}

/** Whether it takes traffic from a Gateway; a route whose parents are Services only is one of a mesh. */
export function isFromGateway({ body }: Route): boolean {
  return body.spec?.parentRefs?.some(({ kind }) => kind === undefined || kind === 'Gateway' || kind === 'ListenerSet') === true;
}
