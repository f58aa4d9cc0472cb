/** What a rule of one's own may import: `import { defineRule } from 'castellan/rules'`. */
export { CONTAINER, POD, documents, withContainer, withPod } from './examples.ts';
export {
  type BadExample,
  type Control,
  type Edit,
  type Examples,
  type Hit,
  type Rule,
  type RuleDefinition,
  cis,
  defineRule,
  mitre,
  nsa,
  pss,
} from './rule.ts';
