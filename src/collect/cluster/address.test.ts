import { describe, expect, it } from 'vitest';
import { addressOf, proxyAddressOf } from './address.ts';

describe('the address of a server', () => {
  it.each([
    ['https://k8s.example:6443', 'https://k8s.example:6443', undefined],
    ['https://k8s.example/clusters/a/', 'https://k8s.example/clusters/a', undefined],
    ['https://k8s.example/?token=s3cret#s3cret', 'https://k8s.example', undefined],
    ['http://bob:s3cret@k8s.example:8080/a?b#c', 'http://k8s.example:8080/a', 'bob:s3cret'],
    ['https://bob:s3%40cret@k8s.example', 'https://k8s.example', 'bob:s3@cret'],
    ['https://bob:%zz@k8s.example', 'https://k8s.example', 'bob:%zz'],
    ['https://bob:a@b@k8s.example', 'https://k8s.example', 'bob:a@b'],
    // As kubectl takes them.
    ['localhost:8080', 'http://localhost:8080', undefined],
    ['10.0.0.1', 'http://10.0.0.1', undefined],
    ['[::1]:8080', 'http://[::1]:8080', undefined],
    ['bob:s3cret@localhost:8080', 'http://localhost:8080', 'bob:s3cret'],
  ])('%s', (text, server, auth) => expect(addressOf(text, 'c')).toEqual({ server, auth }));

  it.each(['ftp://bob:s3cret@x', 'https://bob:s3cret/x@x', 'https://', 'localhost/path', 'x y', ''])('"%s" is none', (text) => {
    expect(() => addressOf(text, 'c')).toThrow(/^the server of the cluster "c" is no https address$/);
  });
});

describe('the address of a proxy', () => {
  it.each([
    ['http://proxy:3128', 'http://proxy:3128'],
    ['HTTPS://bob:s3cret@proxy', 'https://bob:s3cret@proxy'],
    // Names are looked up behind it, as by Go's programs.
    ['socks5://proxy:1080', 'socks5h://proxy:1080'],
    ['socks5h://proxy:1080', 'socks5h://proxy:1080'],
  ])('%s', (text, address) => expect(proxyAddressOf(text, 'x')).toBe(address));

  it.each(['ftp://bob:s3cret@x', 'proxy', 'http://bob:s3cret@x:port', ''])('"%s" is none, and is not quoted', (text) => {
    expect(() => proxyAddressOf(text, 'the proxy-url')).toThrow(
      /^the proxy in the proxy-url is (no address|none of http, https and socks5, but ftp)$/,
    );
  });
});
