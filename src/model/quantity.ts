/** resource.Quantity (k8s.io/apimachinery/pkg/api/resource) as a number of base units: cores, bytes, pieces. */
const SUFFIX: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Kubernetes cuts larger values off. */
const LARGEST = 2 ** 63;

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

/** The value in base units, or undefined when Kubernetes would refuse the text. */
export function parseQuantity(quantity: string | number | undefined): number | undefined {
  if (typeof quantity === 'number') return Number.isFinite(quantity) ? quantity : undefined;
  if (quantity === undefined) return undefined;
  const known = parsed.get(quantity);
  if (known !== undefined || parsed.has(quantity)) return known;
  const value = parse(quantity);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  if (quantity.length <= LONGEST_KEPT) parsed.set(quantity, value);
  return value;
}

/** A cluster has few different ones, and every rule about resources asks for each. */
const parsed = new Map<string, number | undefined>();
const MOST_PARSED = 4096;
const LONGEST_KEPT = 32;

function parse(quantity: string): number | undefined {
  const match = QUANTITY.exec(quantity);
  if (match === null) return undefined;
  const [, digits = '', exponent = '', suffix = ''] = match;
  const value = Number(digits + exponent) * (SUFFIX[suffix] ?? Number.NaN);
  return Math.min(Math.max(value, -LARGEST), LARGEST);
}
