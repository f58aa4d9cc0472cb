/** A request as a record holds it, of which only what matters is named. */
import type { Asked } from '../../src/record/index.ts';

export function asked(more: Partial<Asked> = {}): Asked {
  return {
    verb: 'get',
    apiGroup: '',
    resource: '',
    subresource: '',
    namespace: '',
    name: '',
    path: '',
    through: 'request',
    ...more,
  };
}
