/** Every single right that could be taken away, and by brute force whether anybody uses it. */
import { type Asked, type RawRole, allows, settle } from '../rbac/brute-force.ts';
import type { Raw, RequestEvent } from './event.ts';

export interface Removal {
  readonly what: string;
  readonly role: string;
  readonly after: readonly Raw[];
}

/** One verb of one rule, of every role. Each rule has one resource here. */
export function removalsOf(objects: readonly Raw[]): Removal[] {
  const roles = objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole') as unknown as RawRole[];
  return roles.flatMap((role) =>
    (role.rules ?? []).flatMap((rule, index) =>
      (rule.verbs ?? []).map((verb): Removal => {
        const left = { ...rule, verbs: (rule.verbs ?? []).filter((one) => one !== verb) };
        const rules = (role.rules ?? []).flatMap((one, at) => (at !== index ? [one] : left.verbs.length === 0 ? [] : [left]));
        const after = objects.map((object) => ((object as unknown) === role ? ({ ...role, rules } as unknown as Raw) : object));
        return { what: `${verb} ${rule.resources?.join(',')} of ${role.kind} ${role.metadata.name}`, role: role.metadata.name, after };
      }),
    ),
  );
}

/** The events that these objects allow, looked at one by one. */
export function allowedBy(objects: readonly Raw[], requests: readonly RequestEvent[]): RequestEvent[] {
  const world = settle(objects as never);
  return requests.filter((event) => {
    const { verb, apiGroup, resource, subresource, namespace, name } = event;
    const asked: Asked = { verb, apiGroup, resource, subresource, namespace, name };
    const who = event.as ?? event.caller;
    return event.allowed && allows(world, { name: who.name, groups: [...who.groups] }, asked);
  });
}
