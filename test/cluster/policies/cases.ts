/** Random NetworkPolicies for a few pods, made so that they meet: few labels, few ports, ranges around the pods. */
import type { Random } from '../random.ts';

type Fields = Record<string, unknown>;

export const PORTS = { TCP: [8080, 8081, 8082], UDP: [5353, 5354] } as const;
/** What pods call two of them. */
export const PORT_NAMES = { web: 8080, dns: 5353 } as const;
const KEYS = ['app', 'tier'] as const;
const VALUES = ['a', 'b', 'c'] as const;
const TEAMS = ['red', 'blue'] as const;

export interface Homes {
  /** Of the pods, whose policies lie there. */
  namespaces: readonly string[];
  /** Of the pods. */
  addresses: readonly string[];
}

export function randomLabels(random: Random): Record<string, string> {
  return Object.fromEntries(random.some(KEYS, 2).map((key) => [key, random.pick(VALUES)]));
}

export function randomTeam(random: Random): string {
  return random.pick(TEAMS);
}

export function randomPolicies(random: Random, homes: Homes): Fields[] {
  return Array.from({ length: random.int(4) }, (_, index) => {
    const types = random.pick([['Ingress'], ['Egress'], ['Ingress', 'Egress'], []]);
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `random-${index}`, namespace: random.pick(homes.namespaces) },
      spec: {
        podSelector: random.chance(0.4) ? {} : selector(random),
        ...(types.length > 0 && { policyTypes: types }),
        ...(random.chance(0.7) && { ingress: rules(random, 'from', homes) }),
        ...(random.chance(0.5) && { egress: rules(random, 'to', homes) }),
      },
    };
  });
}

function rules(random: Random, side: 'from' | 'to', homes: Homes): Fields[] {
  return Array.from({ length: random.int(3) }, () => ({
    ...(random.chance(0.8) && { [side]: Array.from({ length: 1 + random.int(2) }, () => peer(random, homes)) }),
    ...(random.chance(0.6) && { ports: Array.from({ length: 1 + random.int(2) }, () => port(random)) }),
  }));
}

function peer(random: Random, homes: Homes): Fields {
  const form = random.int(4);
  if (form === 0) return { podSelector: selector(random) };
  if (form === 1) return { namespaceSelector: namespaceSelector(random, homes) };
  if (form === 2) return { podSelector: selector(random), namespaceSelector: namespaceSelector(random, homes) };
  return { ipBlock: block(random, homes) };
}

function selector(random: Random): Fields {
  const form = random.int(5);
  const [key, value] = [random.pick(KEYS), random.pick(VALUES)];
  if (form === 0) return {};
  if (form === 1) return { matchExpressions: [{ key, operator: random.pick(['Exists', 'DoesNotExist']) }] };
  if (form === 2) return { matchExpressions: [{ key, operator: random.pick(['In', 'NotIn']), values: [value, random.pick(VALUES)] }] };
  return { matchLabels: { [key]: value } };
}

function namespaceSelector(random: Random, { namespaces }: Homes): Fields {
  const form = random.int(4);
  if (form === 0) return {};
  if (form === 1) return { matchLabels: { 'kubernetes.io/metadata.name': random.pick(namespaces) } };
  if (form === 2) return { matchExpressions: [{ key: 'team', operator: 'NotIn', values: [random.pick(TEAMS)] }] };
  return { matchLabels: { team: random.pick(TEAMS) } };
}

function block(random: Random, { addresses }: Homes): Fields {
  const address = random.pick(addresses);
  if (random.chance(0.3)) return { cidr: `${address}/32` };
  const out = random.some(addresses, 3).map((one) => `${one}/32`);
  const whole = random.chance(0.5) ? '0.0.0.0/0' : `${address.split('.').slice(0, 3).join('.')}.0/24`;
  const inside = whole === '0.0.0.0/0' ? out : out.filter((one) => one.startsWith(whole.slice(0, -4)));
  return { cidr: whole, ...(inside.length > 0 && { except: inside }) };
}

function port(random: Random): Fields {
  const protocol = random.chance(0.6) ? 'TCP' : 'UDP';
  const written = protocol === 'TCP' && random.chance(0.5) ? {} : { protocol };
  const form = random.int(5);
  if (form === 0) return { protocol };
  if (form === 1) return { ...written, port: random.pick(Object.keys(PORT_NAMES)) };
  const number = random.pick<number>(PORTS[protocol]);
  return form === 2 ? { ...written, port: number, endPort: number + random.int(3) } : { ...written, port: number };
}
