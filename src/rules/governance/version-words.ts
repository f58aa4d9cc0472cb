/** What the rules about versions say of several instances at once. */
import type { Instance } from '../../engines/versions/index.ts';
import type { ApiObject } from '../../model/index.ts';

const SHOWN = 10;

/** `kubelet v1.30.2 of node "a" and 2 more`, `kube-apiserver 1.34.1 of Pod kube-system/kube-apiserver-a`. */
export function instancesText(component: string, instances: readonly Instance[]): string {
  const versions = [...new Set(instances.map(({ version, text }) => version?.text ?? text))];
  const what =
    component === 'os'
      ? (instances[0]?.text ?? 'the system')
      : `${component} ${versions.slice(0, 3).join(', ')}${versions.length > 3 ? ', …' : ''}`;
  const places = [...new Set(instances.map(placeOf))].filter((place) => place !== '');
  const [first] = places;
  if (first === undefined) return what;
  return `${what} of ${first}${places.length > 1 ? ` and ${places.length - 1} more` : ''}`;
}

function placeOf({ node, object }: Instance): string {
  if (node !== undefined) return `node "${node}"`;
  if (object === undefined) return '';
  return object.namespace === '' ? `${object.kind} ${object.name}` : `${object.kind} ${object.namespace}/${object.name}`;
}

/** The fields that say so; the API server's own answer is no field. */
export function fieldsOf(instances: readonly Instance[]): { object: ApiObject; path: string }[] {
  return instances.flatMap(({ object, path }) => (object === undefined ? [] : [{ object, path }])).slice(0, SHOWN);
}
