/**
 * Quantities, as the library of Kubernetes for CEL reads and compares them (staging/src/k8s.io/apiserver/pkg/cel/library,
 * apimachinery/pkg/api/resource). Values are exact, in billionths; what is smaller is rounded away from zero.
 */
import { ANYTHING, FAILURE, Quantity, type Value } from './values.ts';

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const BILLIONTHS = 9;
/** The API server caps what is larger, and nobody writes it. */
const MOST_DIGITS = 18;

/** `quantity(x)`, `isQuantity(x)`, `sign(x)`. */
export function quantityCall(name: 'quantity' | 'isQuantity' | 'sign', value: Value): Value {
  if (name === 'sign') return value instanceof Quantity ? signOf(value.billionths) : ANYTHING;
  if (typeof value !== 'string') return ANYTHING;
  const read = parse(value);
  if (read === undefined) return ANYTHING;
  if (name === 'isQuantity') return read !== 'none';
  return read === 'none' ? FAILURE : new Quantity(read);
}

/** `quantity(x).isLessThan(quantity(y))`. */
export function ofQuantity(name: string, { billionths }: Quantity, values: readonly Value[]): Value {
  const [other] = values;
  if (other === undefined) return alone(name, billionths);
  if (typeof other === 'bigint') {
    if (name === 'add') return new Quantity(billionths + other * ONE);
    return name === 'sub' ? new Quantity(billionths - other * ONE) : ANYTHING;
  }
  if (!(other instanceof Quantity)) return ANYTHING;
  switch (name) {
    case 'isLessThan':
      return billionths < other.billionths;
    case 'isGreaterThan':
      return billionths > other.billionths;
    case 'compareTo':
      return signOf(billionths - other.billionths);
    case 'add':
      return new Quantity(billionths + other.billionths);
    case 'sub':
      return new Quantity(billionths - other.billionths);
    default:
      return ANYTHING;
  }
}

const ONE = 10n ** BigInt(BILLIONTHS);

function alone(name: string, billionths: bigint): Value {
  const isWhole = billionths % ONE === 0n;
  switch (name) {
    case 'isInteger':
      return isWhole;
    case 'asInteger':
      return isWhole ? billionths / ONE : FAILURE;
    default:
      return ANYTHING;
  }
}

function signOf(value: bigint): bigint {
  if (value === 0n) return 0n;
  return value < 0n ? -1n : 1n;
}

/** `none` for a text that is no quantity; undefined for one that is not followed, as it is too large or has no digits. */
function parse(text: string): bigint | 'none' | undefined {
  if (text.length > 64) return undefined;
  const [matches, sign, whole = '', fraction = '', suffix, exponent] = FORM.exec(text) ?? [];
  if (matches === undefined || text === '') return 'none';
  if (whole + fraction === '') return undefined;
  const power = exponent === undefined ? (DECIMAL.indexOf(suffix ?? '') - 3) * 3 : Number(exponent);
  if (whole.length + fraction.length > MOST_DIGITS || Math.abs(power) > MOST_DIGITS) return undefined;
  const binary = BINARY.indexOf(suffix ?? '');
  const factor = binary >= 0 ? 1024n ** BigInt(binary + 1) : 1n;
  const scale = BILLIONTHS - fraction.length + (binary >= 0 ? 0 : power);
  const digits = BigInt(whole + fraction) * factor;
  const value = scale >= 0 ? digits * 10n ** BigInt(scale) : roundedUp(digits, 10n ** BigInt(-scale));
  return sign === '-' ? -value : value;
}

function roundedUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
