import { describe, expect, it } from 'vitest';
import { credentialIn, credentialsInText } from '../../lib/credentials.ts';
import { redact } from './redact.ts';

type Fields = Record<string, unknown>;
const redacted = (object: Fields): Fields => {
  const copy = structuredClone(object);
  redact(copy);
  return copy;
};
const SECRET = 'hunter2-marked-value';
const TOKEN = `ghp_${'a1B2'.repeat(9)}`;
const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIEmarked\nlines\n-----END RSA PRIVATE KEY-----\n';

describe('an object of a cluster', () => {
  it('loses the credentials of its pods, and nothing else', () => {
    const container = {
      name: 'app',
      image: 'registry.example/app:1',
      args: ['--password', SECRET, `--token=${TOKEN}`, '--verbose'],
      command: ['sh', '-c', `mysql --password=${SECRET} -h db`],
      env: [
        { name: 'DB_PASSWORD', value: SECRET },
        { name: 'DB_URL', value: `postgres://shop:${SECRET}@db/shop` },
        { name: 'MODE', value: 'production' },
        { name: 'CONFIG', value: `{"db": {"password": "${SECRET}"}, "port": 80}` },
        { name: 'KEY', valueFrom: { secretKeyRef: { name: 'app-password', key: 'token' } } },
      ],
      livenessProbe: { httpGet: { path: '/', httpHeaders: [{ name: 'Authorization', value: `Bearer ${TOKEN}` }] } },
    };
    const spec = {
      template: {
        metadata: { annotations: { 'api-token': SECRET } },
        spec: { containers: [container], serviceAccountName: 'token-reader' },
      },
    };
    const object = { kind: 'Deployment', metadata: { name: 'secret-token', labels: { token: 'blue-team-token' } }, spec };
    const text = JSON.stringify(redacted(object));
    for (const value of [SECRET, TOKEN]) expect(text).not.toContain(value);
    expect(text).toContain('"name":"DB_PASSWORD","value":"redacted-by-castellan:password:name:20"');
    expect(text).toContain('\\"port\\": 80');
    for (const kept of [
      'registry.example/app:1',
      '"production"',
      '"--verbose"',
      '"app-password"',
      '"token-reader"',
      '"blue-team-token"',
      'mysql --password=',
    ]) {
      expect(text).toContain(kept);
    }
  });

  it('keeps no copy of itself', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"a":"${SECRET}"}}`, note: 'x' };
    expect(redacted({ kind: 'Service', metadata: { name: 'a', annotations } }).metadata).toEqual({
      name: 'a',
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': 'redacted-by-castellan:copy_of_the_object:placeholder:37',
        note: 'x',
      },
    });
  });

  it('that is a Secret has no values, even where a server sends them', () => {
    const object = {
      kind: 'Secret',
      metadata: { name: 'a', annotations: { 'tool/applied': `{"data":{"a":"${SECRET}"}}` } },
      data: { a: SECRET },
      stringData: { a: SECRET },
    };
    expect(JSON.stringify(redacted(object))).not.toContain(SECRET);
  });

  it('that is a ConfigMap keeps its texts, line by line, without what is secret in them', () => {
    const properties = `name=shop\ndb.password=${SECRET}\nport=80\n`;
    const object = {
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { 'app.properties': properties, 'tls.key': KEY, pwd: 'abc', 'a.yaml': `key: |\n${KEY}\nafter: ${TOKEN}\n`, mode: 'on' },
      binaryData: { blob: Buffer.from(SECRET).toString('base64') },
    };
    const { data, binaryData } = redacted(object) as { data: Record<string, string>; binaryData: Fields };
    const text = JSON.stringify({ data, binaryData });
    for (const value of [SECRET, TOKEN, 'MIIEmarked', Buffer.from(SECRET).toString('base64'), '"abc"']) expect(text).not.toContain(value);
    expect(data['app.properties']).toBe('name=shop\ndb.password=redacted-by-castellan:password:name:20\nport=80\n');
    expect(data.mode).toBe('on');
    expect(data['a.yaml']?.split('\n')).toHaveLength(`key: |\n${KEY}\nafter: ${TOKEN}\n`.split('\n').length);
  });

  it('of a kind that nobody knows loses what shows itself', () => {
    const object = {
      kind: 'Application',
      spec: { source: { helm: { values: `auth:\n  password: ${SECRET}\n` } }, repo: `https://git:${SECRET}@host/x.git`, name: 'a' },
    };
    expect(JSON.stringify(redacted(object))).not.toContain(SECRET);
  });
});

describe('the detector', () => {
  it.each<[string, string]>([
    ['DB_PASSWORD', SECRET],
    ['ANY', TOKEN],
    ['DB_URL', `postgres://shop:${SECRET}@db/shop`],
    ['API_KEY', 'Zx81Qm29fLpW03bTr7Ks'],
    ['KEY_CONTENT', 'xxx'],
  ])('says the same of %s afterwards', (name, value) => {
    const { env } = redacted({ kind: 'X', env: [{ name, value }] }) as { env: [{ value: string }] };
    expect(credentialIn(name, env[0].value)).toEqual(credentialIn(name, value));
  });

  it('finds the same in the same lines of a text', () => {
    const text = `user=shop\npassword=${SECRET}\n# ${TOKEN}\nurl=https://a:${SECRET}@b/\n${KEY}x=1\n`;
    const { data } = redacted({ kind: 'ConfigMap', data: { 'a.conf': text } }) as { data: Record<string, string> };
    const told = (of: string): unknown => credentialsInText(of).map(({ kind, by, line }) => ({ kind, by, line }));
    expect(told(data['a.conf'] ?? '')).toEqual(told(text));
  });
});
