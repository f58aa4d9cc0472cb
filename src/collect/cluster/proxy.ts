/** The proxy that the environment names for an address, as Go's programs read it (golang.org/x/net/http/httpproxy). */

/** The value of HTTPS_PROXY or HTTP_PROXY, unless NO_PROXY takes the address out. */
export function proxyFor(server: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const name = protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const proxy = environment[name.toUpperCase()] || environment[name];
  if (!proxy) return undefined;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return undefined;
  const exceptions = (environment.NO_PROXY || environment.no_proxy || '').split(',').map((each) => each.trim().toLowerCase());
  if (exceptions.some((exception) => exception !== '' && isExcepted(exception, host, port || (protocol === 'https:' ? '443' : '80')))) {
    return undefined;
  }
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** `*`, a domain with all below it, a host with a port, an address, a range of IPv4 addresses. */
function isExcepted(exception: string, host: string, port: string): boolean {
  if (exception === '*') return true;
  const [, name = exception, wantedPort] = /^([^:]+):(\d+)$/.exec(exception) ?? [];
  if (wantedPort !== undefined && wantedPort !== port) return false;
  if (name.includes('/')) return isInRange(host, name);
  if (name.startsWith('.')) return host.endsWith(name);
  return host === name || host.endsWith(`.${name}`);
}

function isInRange(host: string, range: string): boolean {
  const [base = '', length = ''] = range.split('/');
  const [address, start] = [numberOf(host), numberOf(base)];
  if (address === undefined || start === undefined || !/^\d{1,2}$/.test(length)) return false;
  const size = 2 ** (32 - Number(length));
  return Math.floor(address / size) === Math.floor(start / size);
}

function numberOf(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((all, part) => all * 256 + Number(part), 0);
}
