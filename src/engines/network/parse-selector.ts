/** metav1.LabelSelector, checked as k8s.io/apimachinery pkg/apis/meta/v1/validation does. */
import type { Field } from './field.ts';
import { EVERYTHING, type Requirement, type Selector, selectorOf } from './selector.ts';

const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** An absent selector is everything here: whoever asks knows whether it may be absent, and what that means. */
export function parseSelector(field: Field): Selector {
  if (field.absent) return EVERYTHING;
  field.only(['matchLabels', 'matchExpressions']);
  const labels = field.get('matchLabels').fields().flatMap(labelRequirement);
  const expressions = field.get('matchExpressions').items().flatMap(expressionRequirement);
  field.given();
  return selectorOf([...labels, ...expressions], expressions.length === 0);
}

function labelRequirement(field: Field): Requirement[] {
  const key = keyOf(field);
  const value = field.text();
  if (!isLabelKey(key)) field.refuse('label-key-invalid', `${JSON.stringify(key)} is no label key`);
  if (value === undefined) return [];
  if (!isLabelValue(value)) field.refuse('label-value-invalid', `${JSON.stringify(value)} is no label value`);
  return [{ key, operator: 'In', values: [value] }];
}

/** The last segment of the path, which is the key as it is written. */
function keyOf({ path }: Field): string {
  return /\["((?:[^"\\]|\\.)*)"\]$/.exec(path)?.[1] ?? path.slice(path.lastIndexOf('.') + 1);
}

function expressionRequirement(field: Field): Requirement[] {
  field.only(['key', 'operator', 'values']);
  const key = field.get('key').text() ?? '';
  const operator = field.get('operator');
  const values = field
    .get('values')
    .items()
    .map((value) => value.text() ?? '');
  if (!isLabelKey(key)) field.get('key').refuse('label-key-invalid', `${JSON.stringify(key)} is no label key`);
  switch (operator.text()) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) field.refuse('selector-values', `${String(operator.value)} needs values`);
      for (const value of values)
        if (!isLabelValue(value)) field.get('values').refuse('label-value-invalid', `${JSON.stringify(value)} is no label value`);
      return [{ key, operator: operator.value === 'In' ? 'In' : 'NotIn', values }];
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) field.refuse('selector-values', `${String(operator.value)} takes no values`);
      return [{ key, operator: operator.value === 'Exists' ? 'Exists' : 'DoesNotExist' }];
    default:
      operator.refuse('selector-operator-unknown', 'an operator is one of In, NotIn, Exists, DoesNotExist');
      return [];
  }
}

function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  return NAME.test(key.slice(slash + 1)) && (prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix)));
}

function isLabelValue(value: string): boolean {
  return value === '' || NAME.test(value);
}
