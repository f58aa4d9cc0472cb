/**
 * metav1.LabelSelector. Of its own kinds the server checks it as k8s.io/apimachinery pkg/apis/meta/v1/validation does;
 * of custom resources it only looks at types, so that it takes selectors which nobody can read.
 */
import type { Field } from './field.ts';
import { EVERYTHING, type Requirement, type Selector, selectorOf } from './selector.ts';

const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** What is wrong with the words of a selector, which is no question of types. */
type Objection = (field: Field, category: string, message: string) => void;

function refused(field: Field, category: string, message: string): void {
  field.refuse(category, message);
}

function unread(field: Field, category: string, message: string): void {
  field.question(category, `${message}: the API server takes it all the same, but what a network plug-in makes of it is not defined`);
}

/** An absent selector is everything here: whoever asks knows whether it may be absent, and what that means. */
export function parseSelector(field: Field): Selector {
  // A label of null is one without a value.
  return selectorIn(field, refused, (label) => (label.value === null ? '' : label.text()));
}

/** Of a custom resource. A label of null is none. What cannot be read selects what it says, and where that is nothing, nothing. */
export function parseCustomSelector(field: Field): Selector {
  for (const expression of field.get('matchExpressions').items()) {
    if (expression.absent) expression.wrong('an object');
    for (const value of expression.get('values').items()) if (value.absent) value.wrong('a text');
    for (const key of ['key', 'operator']) if (expression.get(key).absent) expression.refuse('field-missing', `an expression needs ${key}`);
  }
  return selectorIn(field, unread, (label) => label.text());
}

function selectorIn(field: Field, object: Objection, valueOf: (label: Field) => string | undefined): Selector {
  if (field.absent) return EVERYTHING;
  field.only(['matchLabels', 'matchExpressions']);
  const labels = field
    .get('matchLabels')
    .entries()
    .flatMap((label): Requirement[] => {
      const value = valueOf(label);
      return value === undefined ? [] : labelRequirement(label, value, object);
    });
  const expressions = field
    .get('matchExpressions')
    .items()
    .flatMap((one) => expressionRequirement(one, object));
  field.given();
  return selectorOf([...labels, ...expressions], expressions.length === 0);
}

function labelRequirement(field: Field, value: string, object: Objection): Requirement[] {
  const key = keyOf(field);
  if (!isLabelKey(key)) object(field, 'label-key-invalid', `${JSON.stringify(key)} is no label key`);
  if (!isLabelValue(value)) object(field, 'label-value-invalid', `${JSON.stringify(value)} is no label value`);
  return [{ key, operator: 'In', values: [value] }];
}

/** The last segment of the path, which is the key as it is written. */
export function keyOf({ path }: Field): string {
  return /\["((?:[^"\\]|\\.)*)"\]$/.exec(path)?.[1] ?? path.slice(path.lastIndexOf('.') + 1);
}

function expressionRequirement(field: Field, object: Objection): Requirement[] {
  field.only(['key', 'operator', 'values']);
  const key = field.get('key').text() ?? '';
  const operator = field.get('operator');
  const values = field
    .get('values')
    .items()
    .map((value) => value.text() ?? '');
  if (!isLabelKey(key)) object(field.get('key'), 'label-key-invalid', `${JSON.stringify(key)} is no label key`);
  switch (operator.text()) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) object(field, 'selector-values', `${String(operator.value)} needs values`);
      for (const value of values)
        if (!isLabelValue(value)) object(field.get('values'), 'label-value-invalid', `${JSON.stringify(value)} is no label value`);
      return [{ key, operator: operator.value === 'In' ? 'In' : 'NotIn', values }];
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) object(field, 'selector-values', `${String(operator.value)} takes no values`);
      return [{ key, operator: operator.value === 'Exists' ? 'Exists' : 'DoesNotExist' }];
    default:
      object(operator, 'selector-operator-unknown', 'an operator is one of In, NotIn, Exists, DoesNotExist');
      return [{ key, operator: 'In', values: [] }];
  }
}

export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  return NAME.test(key.slice(slash + 1)) && (prefix === undefined || isDomainName(prefix));
}

/** The names of most objects, and what stands before the slash of a label's key. */
export function isDomainName(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text);
}

export function isLabelValue(value: string): boolean {
  return value === '' || NAME.test(value);
}
