/** Label selectors as people type them for kubectl: `app=web,tier in (a,b),env,!old,x!=y` (k8s.io/apimachinery pkg/labels). */
import { isLabelSelector } from '../request-info/index.ts';
import { type Requirement, type Selector, selectorOf } from './selector.ts';

const SET = /^(\S+?)\s+(in|notin)\s*\(([^)]*)\)$/;
const PAIR = /^([^=!\s]+)\s*(==?|!=)\s*(\S*)$/;
const PRESENT = /^(!?)\s*([^=!\s]+)$/;

/** Undefined for what is no selector of labels. Empty is everything. */
export function parseSelectorText(text: string): Selector | undefined {
  if (!isLabelSelector(text)) return undefined;
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  const requirements = parts.filter((part) => part !== '').map(requirementOf);
  return requirements.every((one) => one !== undefined) ? selectorOf(requirements) : undefined;
}

/** `x!=y` means NotIn, which holds without the label as well. `>` and `<` are of nodes only. */
function requirementOf(text: string): Requirement | undefined {
  const [, key = '', word, list = ''] = SET.exec(text) ?? [];
  if (word !== undefined) return { key, operator: word === 'in' ? 'In' : 'NotIn', values: list.split(',').map((value) => value.trim()) };
  const [, name = '', sign, value = ''] = PAIR.exec(text) ?? [];
  if (sign !== undefined) return { key: name, operator: sign === '!=' ? 'NotIn' : 'In', values: [value] };
  const [, negated, present] = PRESENT.exec(text) ?? [];
  if (present === undefined || /[<>]/.test(present)) return undefined;
  return { key: present, operator: negated === '!' ? 'DoesNotExist' : 'Exists' };
}
