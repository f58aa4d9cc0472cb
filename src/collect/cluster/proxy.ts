/** The proxy that the environment names for an address, as Go's programs read it (golang.org/x/net/http/httpproxy). */
import { BlockList, isIP } from 'node:net';

/** The value of HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY takes the address out. */
export function proxyFor(server: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const name = protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const proxy = environment[name.toUpperCase()] || environment[name];
  if (!proxy) return undefined;
  const host = bare(hostname.toLowerCase());
  if (host === 'localhost' || isInRange(host, '127.0.0.0/8') || isInRange(host, '::1/128')) return undefined;
  const exceptions = (environment.NO_PROXY || environment.no_proxy || '').split(',').map((each) => each.trim().toLowerCase());
  if (exceptions.some((exception) => isExcepted(exception, host, port || (protocol === 'https:' ? '443' : '80')))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/**
 * `*`; an address or a range of addresses; a domain with all below it, or with a dot or `*.` before it only what is
 * below. All but ranges may have a port.
 */
function isExcepted(exception: string, host: string, port: string): boolean {
  if (exception === '*') return true;
  if (exception.includes('/')) return isInRange(host, exception);
  const [, before, wantedPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(exception) ?? [];
  const name = bare(before ?? exception).replace(/^\*(?=\.)/, '');
  if (name === '' || (wantedPort !== undefined && wantedPort !== port)) return false;
  const length = isIP(name) === 4 ? 32 : 128;
  if (isIP(name) !== 0) return isInRange(host, `${name}/${length}`);
  // A domain never means an address, whatever digits it ends with.
  if (isIP(host) !== 0) return false;
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
}

function isInRange(host: string, range: string): boolean {
  const [, base = '', length = ''] = /^(.*)\/(\d{1,3})$/.exec(range) ?? [];
  const [family, wanted] = [isIP(host), isIP(base)];
  if (family === 0 || wanted === 0 || Number(length) > (wanted === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(base, Number(length), wanted === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/** An address of IPv6 without its brackets. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
