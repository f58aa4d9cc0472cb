import { CONTAINER, documents, withContainer } from '../examples.ts';
import { type ApiObject, type Container, parseQuantity } from '../../model/index.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { nameOf } from './amounts.ts';

type Quantity = string | number;
type Bounds = typeof OPTIONS;

/**
 * Bounds as quantities; an empty text is no bound. A CPU limit below the least throttles at every burst, a memory
 * limit below it does not let a process start; the greatest values are beyond what common nodes have.
 */
const OPTIONS = { leastCpuLimit: '100m', leastMemoryLimit: '16Mi', greatestCpu: '64', greatestMemory: '512Gi' };

const RANGE = `
apiVersion: v1
kind: LimitRange
metadata: {name: bounds, namespace: shop}
spec: {limits: [{type: Container, max: {memory: 1Gi}, min: {cpu: 200m}}]}`;

export const rule = defineRule({
  id: 'resource-range',
  title: 'Limit or request out of range',
  severity: 'low',
  area: 'resources',
  rationale:
    'A limit that is far too small throttles or kills the container, one that is far too large limits nothing, and a value outside the bounds of the namespace keeps new pods from being admitted.',
  remedy:
    'Write the amount that was measured: memory in Mi or Gi (the unit m is a thousandth of a byte), CPU in m (thousandths of a core). Set your own bounds with the options of this rule.',
  controls: nsa('resource-policies'),
  aliases: {
    kubescape: ['C-0004', 'C-0050', 'C-0303'],
    polaris: ['resourceRange'],
    'gatekeeper-library': ['containerlimits', 'containerrequests'],
  },
  scope: 'container',
  reads: ['LimitRange'],
  options: OPTIONS,
  check(container, { LimitRange }, bounds) {
    const { resources } = container.spec;
    if (resources === undefined || container.type === 'ephemeral') return undefined;
    const ranges = LimitRange.in(container.workload.namespace);
    const hits: Hit[] = [];
    for (const side of ['limits', 'requests'] as const) {
      for (const resource of ['cpu', 'memory'] as const) {
        const text = resources[side]?.[resource];
        if (text === undefined || text === '') continue;
        const fault = faultOf({ text, side, resource }, container, bounds) ?? outsideRange({ text, side, resource }, ranges);
        if (fault !== undefined)
          hits.push({
            ...fault,
            message: `container "${container.name}" ${fault.message}`,
            path: `resources.${side}.${resource}`,
            key: `${side}.${resource}`,
          });
      }
    }
    return hits;
  },
  examples: () => ({
    good: [
      withContainer('resources: {limits: {cpu: 1.5, memory: 250Mi}, requests: {cpu: 10m, memory: 8Mi}}'),
      withContainer('resources: {limits: {cpu: "64", memory: 512Gi}}'),
      withContainer(''),
      documents(withContainer('resources: {limits: {memory: 1024Mi, cpu: 200m}}'), RANGE),
      // Another namespace's bounds.
      documents(withContainer('resources: {limits: {memory: 4Gi}}'), RANGE.replace('shop', 'ops')),
    ],
    bad: [
      {
        yaml: withContainer('resources: {limits: {cpu: 0.05, memory: 250Mi}}'),
        path: `${CONTAINER}.resources.limits.cpu`,
        severity: 'info',
      },
      { yaml: withContainer('resources: {limits: {memory: 128m}}'), path: `${CONTAINER}.resources.limits.memory` },
      { yaml: withContainer('resources: {requests: {cpu: 500}}'), path: `${CONTAINER}.resources.requests.cpu` },
      { yaml: withContainer('resources: {requests: {cpu: 100Mb}}'), path: `${CONTAINER}.resources.requests.cpu` },
      {
        yaml: withContainer('resources: {limits: {memory: 1Gi}, requests: {memory: 2Gi}}'),
        path: `${CONTAINER}.resources.requests.memory`,
      },
      {
        yaml: documents(withContainer('resources: {limits: {memory: 2Gi}}'), RANGE),
        path: `${CONTAINER}.resources.limits.memory`,
      },
    ],
  }),
});

interface Amount {
  text: Quantity;
  side: 'limits' | 'requests';
  resource: 'cpu' | 'memory';
}
type Fault = Pick<Hit, 'message' | 'also' | 'severity'>;

/** What is wrong with an amount by itself, or beside the container's own limit. */
function faultOf(amount: Amount, container: Container, bounds: Bounds): Fault | undefined {
  const { text, side, resource } = amount;
  const value = parseQuantity(text);
  const what = `${nameOf(resource)} ${side === 'limits' ? 'limit' : 'request'}`;
  if (value === undefined) return { message: `has "${text}" for its ${what}, which is no quantity: the API server refuses it` };
  if (resource === 'memory' && value > 0 && value < 1) return { message: `has a ${what} of less than one byte: ${text} is in thousandths` };
  const limit = parseQuantity(container.spec.resources?.limits?.[resource]);
  if (side === 'requests' && limit !== undefined && value > limit) {
    return { message: `asks for more ${nameOf(resource)} than its limit allows: the API server refuses it` };
  }
  const least = parseQuantity(resource === 'cpu' ? bounds.leastCpuLimit : bounds.leastMemoryLimit);
  if (side === 'limits' && least !== undefined && value > 0 && value < least) {
    // A small CPU limit is chosen knowingly often enough, as for the sidecars of monitoring.
    return {
      severity: resource === 'cpu' ? 'info' : 'low',
      message: `has a ${what} of ${text}, less than ${resource === 'cpu' ? bounds.leastCpuLimit : bounds.leastMemoryLimit}`,
    };
  }
  const greatest = resource === 'cpu' ? bounds.greatestCpu : bounds.greatestMemory;
  const most = parseQuantity(greatest);
  return most !== undefined && value > most ? { message: `has a ${what} of ${text}, more than ${greatest}` } : undefined;
}

/** What a LimitRange of the namespace refuses: it bounds limits from above and requests from below. */
function outsideRange(amount: Amount, ranges: readonly ApiObject<'LimitRange'>[]): Fault | undefined {
  const { text, side, resource } = amount;
  const value = parseQuantity(text);
  if (value === undefined) return undefined;
  for (const range of ranges) {
    for (const { type, max, min } of range.body.spec?.limits ?? []) {
      if (type !== 'Container') continue;
      const bound = side === 'limits' ? max?.[resource] : min?.[resource];
      const number = parseQuantity(bound);
      if (number === undefined || (side === 'limits' ? value <= number : value >= number)) continue;
      const word = side === 'limits' ? 'more' : 'less';
      return {
        message: `has a ${nameOf(resource)} ${side.slice(0, -1)} of ${text}, ${word} than LimitRange "${range.name}" allows (${bound}): new pods are refused`,
        also: [{ object: range, path: 'spec.limits' }],
      };
    }
  }
  return undefined;
}
