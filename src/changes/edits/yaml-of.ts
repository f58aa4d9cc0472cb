/** A value as YAML, in the style of most manifests. */
import { stringify } from 'yaml';

export function yamlOf(value: unknown): string {
  return stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false, indentSeq: false });
}
