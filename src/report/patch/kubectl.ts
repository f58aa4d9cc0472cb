/** Steps on a server as lines for a shell. */
import type { ServerAction, ServerStep } from '../../changes/edits/index.ts';

type Place = Pick<ServerStep, 'apiVersion' | 'kind' | 'namespace' | 'name'>;

export function kubectlText(step: Place, action: ServerAction): string {
  if (action.operation === 'create') {
    // Longer than any line of the object could be by chance.
    return `kubectl create -f - <<'END-OF-OBJECT'\n${JSON.stringify(action.object)}\nEND-OF-OBJECT`;
  }
  const place = placeText(step);
  if (action.operation === 'delete') return `kubectl delete ${place}`;
  return `kubectl patch ${place} --type=json -p ${quoted(JSON.stringify(action.patch))}`;
}

/** Type, name and namespace. */
export function placeText(step: Place): string {
  const { namespace, name } = step;
  return `${resourceText(step)} ${quoted(name)}${namespace === '' ? '' : ` -n ${quoted(namespace)}`}`;
}

/** As kubectl takes it for a type: `clusterrole.rbac.authorization.k8s.io`, `secret`. */
function resourceText({ apiVersion, kind }: Place): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.slice(0, apiVersion.indexOf('/'))}` : '';
  return quoted(kind.toLowerCase() + group);
}

export function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
