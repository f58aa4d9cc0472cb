/** `eval request-info`: {method, url} → what the API server takes the request for. */
import { requestInfo } from '../engines/request-info/index.ts';
import { CastellanError } from '../lib/errors.ts';

export function evalRequestInfo({ method, url }: Record<string, unknown>): Record<string, unknown> {
  if (typeof method !== 'string') throw new CastellanError('CAS_BAD_CASE', '"method" is no text');
  if (typeof url !== 'string') throw new CastellanError('CAS_BAD_CASE', '"url" is no text');
  const info = requestInfo(method, url);
  if (info === undefined) throw new CastellanError('CAS_BAD_CASE', '"url" is none that a server accepts: a path with an optional query');
  return { ...info };
}
