/** What a record says was asked, as a request to the authorizer and in words. */
import type { RbacRequest } from '../../engines/rbac/index.ts';
import type { Asked } from '../../record/index.ts';
import { rightText } from './lost.ts';

export function requestOf({ verb, apiGroup, resource, subresource, namespace, name = '', path }: Asked): RbacRequest {
  return resource === '' ? { verb, path } : { verb, apiGroup, resource, subresource, namespace, name };
}

export function askedText(asked: Asked): string {
  const { verb, apiGroup, namespace, name, path } = asked;
  const names = name === undefined ? ['of many names'] : name === '' ? [] : [name];
  const resource = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  return rightText({ verb, apiGroup, resource, namespace, names, path });
}
