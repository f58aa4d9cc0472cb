/** Addresses of a kubeconfig. They may hold passwords: what is kept and told of them here has none. */
import { CastellanError } from '../../lib/errors.ts';
import { urlOf } from '../../lib/url.ts';

export interface Address {
  /** `https://host:port/path`, without a slash at its end. */
  server: string;
  /** `name:password`, where the address brings them. */
  auth: string | undefined;
}

/** As kubectl: an address without a scheme is one of plain HTTP; a query and a fragment mean nothing. */
export function addressOf(text: string, cluster: string): Address {
  const isBare = !/^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const url = urlOf(isBare ? `http://${text}` : text);
  if (url === undefined || !/^https?:$/.test(url.protocol) || (isBare && url.pathname !== '/')) {
    throw new CastellanError('CAS_KUBECONFIG', `the server of the cluster "${cluster}" is no https address`);
  }
  const names = [url.username, url.password].map(decoded);
  return {
    server: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`,
    auth: url.username === '' && url.password === '' ? undefined : names.join(':'),
  };
}

/**
 * An address that the proxy agents of the library take; throws a sentence that does not quote it. The name of the
 * server is looked up by a SOCKS proxy, as Go's programs leave it to it: a network behind one often has its own names.
 */
export function proxyAddressOf(address: string, from: string): string {
  const text = address.trim();
  const url = urlOf(text);
  if (url === undefined || url.hostname === '') throw new CastellanError('CAS_KUBECONFIG', `the proxy in ${from} is no address`);
  if (!/^(https?|socks5h?):$/.test(url.protocol)) {
    throw new CastellanError('CAS_KUBECONFIG', `the proxy in ${from} is none of http, https and socks5, but ${url.protocol.slice(0, -1)}`);
  }
  return text.replace(/^socks5:/i, 'socks5h:').replace(/^[^:]+/, (scheme) => scheme.toLowerCase());
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
