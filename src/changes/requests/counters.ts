/** What the API server counted since it started: nobody used what it was never asked for, whoever may. */
import type { RequestCounters } from '../../snapshot/index.ts';
import type { LostRight } from './lost.ts';

/** As the metrics name them: k8s.io/apiserver/pkg/endpoints/metrics, canonicalVerb and cleanVerb. */
const COUNTED_AS: Readonly<Record<string, readonly string[]>> = {
  get: ['GET', 'CONNECT'],
  list: ['LIST'],
  watch: ['WATCH', 'WATCHLIST'],
  create: ['POST', 'CONNECT'],
  update: ['PUT', 'CONNECT'],
  patch: ['PATCH', 'APPLY', 'CONNECT'],
  delete: ['DELETE', 'CONNECT'],
  deletecollection: ['DELETECOLLECTION'],
};

/** False also where the counters cannot tell: of stars, of paths, and of groups that another server may serve. */
export function isNeverAsked({ verb, apiGroup, resource, path }: LostRight, { asked }: RequestCounters): boolean {
  const verbs = COUNTED_AS[verb];
  const [main = '', subresource] = resource.split('/');
  if (verbs === undefined || path !== '' || main === '*' || subresource === '*' || apiGroup === '*') return false;
  const ofGroup = apiGroup === '' ? / [^./]+(\/|$)/ : new RegExp(` [^./]+\\.${apiGroup.replaceAll('.', '\\.')}(/|$)`);
  if (!asked.some((text) => ofGroup.test(text))) return false;
  const name = `${apiGroup === '' ? main : `${main}.${apiGroup}`}${subresource === undefined ? '' : `/${subresource}`}`;
  return !verbs.some((counted) => asked.includes(`${counted} ${name}`));
}
