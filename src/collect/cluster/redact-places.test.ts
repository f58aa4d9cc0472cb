/** Each place where a credential was once found in a snapshot, and beside it what must stay as it is. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { credentialIn } from '../../lib/credentials.ts';
import { redact } from './redact.ts';

type Fields = Record<string, unknown>;
const X = 'Zq7vMarked81xK';

function textOf(object: Fields): string {
  const copy = structuredClone(object);
  redact(copy);
  return JSON.stringify(copy);
}
const packed = gzipSync(JSON.stringify({ data: { a: X } })).toString('base64');

const HIDDEN: Readonly<Record<string, Fields>> = {
  'the message of a container that ended': {
    kind: 'Pod',
    status: { containerStatuses: [{ lastState: { terminated: { message: `cannot reach postgres://app:${X}@db/shop\nbye` } } }] },
  },
  'the history of an application': {
    kind: 'Application',
    status: {
      history: [{ source: { helm: { parameters: [{ name: 'db.password', value: X }], values: `password: ${X}` } } }],
      operationState: { operation: { info: [{ name: 'token', value: X }] } },
    },
  },
  'metadata that is none': {
    kind: 'ScaledObject',
    metadata: { name: 'a' },
    spec: { triggers: [{ type: 'rabbitmq', metadata: { host: `amqp://app:${X}@mq/`, password: X } }] },
  },
  'substitutes of a kustomization': {
    kind: 'Kustomization',
    spec: { postBuild: { substitute: { db_password: X } }, patches: [{ patch: `- op: add\n  path: /x\n  value:\n    password: ${X}\n` }] },
  },
  'a Secret that a policy makes': {
    kind: 'ClusterPolicy',
    spec: { rules: [{ generate: { kind: 'Secret', name: 'a', data: { stringData: { login: X }, data: { b: X } } } }] },
  },
  'the settings of a webhook': {
    kind: 'Issuer',
    spec: { acme: { solvers: [{ dns01: { webhook: { config: { apiKey: X, nested: { apiToken: { value: X } } } } } }] } },
  },
  'a template of a Secret': { kind: 'SealedSecret', spec: { template: { type: 'Opaque', data: { login: X } } } },
  'headers of routes': {
    kind: 'HTTPRoute',
    spec: {
      rules: [
        {
          filters: [
            {
              requestHeaderModifier: {
                set: [
                  { name: 'Authorization', value: `Basic ${X}` },
                  { name: 'X-Api-Key', value: X },
                ],
              },
            },
          ],
        },
      ],
    },
  },
  'headers of a virtual service': {
    kind: 'VirtualService',
    spec: { http: [{ headers: { request: { set: { authorization: `Bearer ${X}` } } } }] },
  },
  'options of volumes': {
    kind: 'PersistentVolume',
    spec: { flexVolume: { options: { password: X } }, mountOptions: [`username=a,password=${X}`, `password=${X}`] },
  },
  'the address of a webhook': {
    kind: 'ValidatingWebhookConfiguration',
    webhooks: [{ clientConfig: { url: `https://hooks.example/a?token=${X}` } }],
  },
  'variables as a mapping': { kind: 'Any', spec: { env: { DB_PASSWORD: X } } },
  'a script': {
    kind: 'WorkflowTemplate',
    spec: { templates: [{ script: { source: `#!/bin/sh\nexport DB_PASSWORD=${X}\nmysql -p${X} -h db\n` } }] },
  },
};

describe('nothing is left of a credential in', () => {
  it.each(Object.entries(HIDDEN))('%s', (_, object) => expect(textOf(object)).not.toContain(X));

  it.each([
    ['a gzipped copy', 'objectset.rio.cattle.io/applied', packed],
    ['a copy in base64', 'tool/copy', Buffer.from(`{"data":"${X}"}`).toString('base64')],
    ['YAML', 'tool/copy', `data:\n  a: ${X}`],
    ['a list', 'tool/copy', `[{"op":"add","value":"${X}"}]`],
    ['a plain value', 'note', X],
  ])('%s on a Secret', (_, name, value) => {
    expect(textOf({ kind: 'Secret', metadata: { name: 'a', annotations: { [name]: value } } })).not.toContain(value);
  });

  it.each([
    ['kapp', `[{"name":"DB_PASSWORD","value":"${X}"}]`],
    ['kopf', `{"spec":{"env":[{"name":"DB_PASSWORD","value":"${X}"}]}}\n`],
    ['gzip', packed],
    ['several lines of JSON', `{\n  "name": "TOKEN",\n  "value": "${X}"\n}`],
    ['a manifest', `kind: Deployment\nspec:\n  env:\n  - name: DB_PASSWORD\n    value: ${X}\n`],
    ['a Secret as a manifest', `kind: Secret\nstringData:\n  login: ${X}\n`],
  ])('a copy as %s leaves it', (_, text) => {
    const annotated = textOf({ kind: 'Service', metadata: { name: 'a', annotations: { 'tool/original': text } } });
    const kept = textOf({ kind: 'ConfigMap', metadata: { name: 'a' }, data: { file: text } });
    for (const each of [annotated, kept]) {
      expect(each).not.toContain(X);
      expect(each).not.toContain(packed.slice(0, 40));
    }
  });

  it.each([
    `db:\n  password: |\n    ${X}\n  port: 1\n`,
    `db:\n  password: >-\n    ${X}\n`,
    `db:\n  password:\n    ${X}\n`,
    `<a>\n<password>${X}</password>\n</a>`,
    `<property name="db.password" value="${X}"/>\n`,
    `port 6379\nrequirepass ${X}\n`,
    `masterauth ${X}\n`,
    `env: [{name: DB_PASSWORD, value: ${X}}]\n`,
    `bind_password ${X}\n`,
    `machine git.example login me password ${X}\n`,
    `db:5432:shop:app:${X}\n`,
    `CREATE USER 'a' IDENTIFIED BY '${X}';\n`,
    `user admin password ${X}\n`,
    `  stats auth admin:${X}\n`,
    `<?php\ndefine('DB_PASSWORD', '${X}');\n`,
    `config = {\n  password: '${X}',\n  :token => '${X}',\n}`,
    `url=https://store.example/x?sv=1&sig=${X}&se=2\n`,
    `mysql -uroot -p${X} shop\n`,
    `curl -u admin:${X} https://x.example\n`,
    `echo ${X} | docker login --password-stdin\n`,
    `{"a": {"password": 12345678, "secret": "${X}"}}`,
  ])('a file: %s', (text) => {
    const object = { kind: 'ConfigMap', metadata: { name: 'a' }, data: { file: text } };
    const copy = structuredClone(object);
    redact(copy);
    expect(copy.data.file).not.toContain(X);
    expect(copy.data.file).not.toContain('12345678');
    expect(copy.data.file.split('\n')).toHaveLength(text.split('\n').length);
  });

  it.each([
    [['redis-cli', '-a', X]],
    [['redis-server', '--requirepass', X]],
    [['sshpass', '-p', X, 'ssh', 'a']],
    [['curl', '--user', `a:${X}`]],
    [['mysql', `-p${X}`]],
    [['sh', '-c', `echo ${X} | docker login -u a --password-stdin`]],
    [['sh', '-c', `redis-cli -a ${X} ping`]],
    [['sh', '-c', `sshpass -p ${X} ssh a`]],
  ])('%j', (command) => {
    expect(textOf({ kind: 'Pod', spec: { containers: [{ command }] } })).not.toContain(X);
    expect(textOf({ kind: 'Pod', spec: { containers: [{ command: command.slice(0, 1), args: command.slice(1) }] } })).not.toContain(X);
  });

  it.each([
    ['AWS_SECRET_ACCESS_KEY', '/JalrXUtnFEMI/K7MDENG+bPxRfiCYzzzzzzzKEY'],
    ['API_KEY', '7310948562'],
    ['DB_PASSWORD', 'abc${def'],
    ['DB_PASSWORD', '${DB_PASSWORD:-hunter2}'],
    ['DB_PASSWORD', 'hunter2.com'],
    ['DB_PASSWORD2', X],
    ['DSN', `app:${X}@tcp(db:3306)/shop`],
    ['STORE_URL', `https://a.blob.example/c?sv=2022&sig=${X}`],
  ])('a variable %s=%s, and no rule says anything new of it', (name, value) => {
    const object = { kind: 'Pod', spec: { containers: [{ env: [{ name, value }] }] } };
    redact(object);
    const left = object.spec.containers[0]?.env[0]?.value ?? '';
    expect(left).toContain(':hidden:');
    for (const part of [value, X, 'hunter2']) expect(left).not.toContain(part);
    expect(credentialIn(name, left)).toEqual(credentialIn(name, value));
  });
});

describe('what refers to other things stays', () => {
  it.each<[string, Fields]>([
    [
      'a pod',
      {
        kind: 'Pod',
        metadata: {
          name: 'token-reader',
          labels: { token: 'a-b' },
          annotations: { 'nginx.ingress.kubernetes.io/auth-secret': 'shop/basic-auth' },
        },
        spec: {
          serviceAccountName: 'token-reader',
          imagePullSecrets: [{ name: 'regcred' }],
          automountServiceAccountToken: false,
          nodeSelector: { 'secret-nodes': 'yes' },
          tolerations: [{ key: 'secret', operator: 'Equal', value: 'blue', effect: 'NoSchedule' }],
          containers: [
            {
              name: 'auth-token',
              image: 'registry.example/auth-token:1.2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
              envFrom: [{ secretRef: { name: 'shop-password' } }],
              env: [
                { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
                { name: 'DB_PASSWORD_FILE', value: '/run/secrets/db' },
                { name: 'TOKEN', value: '$(TOKEN_OF_ELSEWHERE)' },
                { name: 'API_TOKEN', value: '/var/run/secrets/token' },
              ],
              args: ['--token-file=/etc/token', '-p', '8080', '--user', '1000:1000', '--secret=$(SECRET)'],
            },
          ],
          volumes: [{ name: 'secret', secret: { secretName: 'shop-secret', items: [{ key: 'password', path: 'password' }] } }],
        },
      },
    ],
    ['a policy', { kind: 'ClusterPolicy', spec: { rules: [{ validate: { pattern: { spec: { token: '?*' } } } }] } }],
    ['a role', { kind: 'Role', rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['db-password'] }] }],
    [
      'a binding',
      { kind: 'RoleBinding', roleRef: { apiGroup: 'a', kind: 'Role', name: 'secrets' }, subjects: [{ kind: 'User', name: 'token' }] },
    ],
    [
      'a certificate',
      { kind: 'Certificate', spec: { secretName: 'tls-secret', privateKey: { algorithm: 'RSA' }, issuerRef: { name: 'key' } } },
    ],
    [
      'an external secret',
      {
        kind: 'ExternalSecret',
        spec: {
          secretStoreRef: { name: 'store' },
          target: { name: 'shop', template: { data: { url: '{{ .password }}' } } },
          data: [{ secretKey: 'username', remoteRef: { key: 'shop/db', property: 'password' } }],
        },
      },
    ],
    [
      'what names a Secret',
      { kind: 'Any', spec: { secret: 'shop-db', tlsSecret: 'shop/tls', imageRegistryCredentials: { secrets: ['regcred'] } } },
    ],
    [
      'a gateway',
      { kind: 'Gateway', spec: { servers: [{ hosts: ['token.example.com'], tls: { credentialName: 'token-cert', mode: 'SIMPLE' } }] } },
    ],
    ['a monitor', { kind: 'ServiceMonitor', spec: { endpoints: [{ bearerTokenSecret: { name: 'a', key: 'token' }, port: 'web' }] } }],
    [
      'an expression',
      { kind: 'ValidatingAdmissionPolicy', spec: { validations: [{ expression: "object.spec.secret == 'a' && token = 'b'" }] } },
    ],
    [
      'an ingress',
      { kind: 'Ingress', spec: { tls: [{ hosts: ['a.example'], secretName: 'tls-key' }], rules: [{ host: 'token.example' }] } },
    ],
    [
      'a Secret',
      {
        kind: 'Secret',
        metadata: {
          name: 'a',
          annotations: {
            'kubernetes.io/service-account.name': 'token',
            'cert-manager.io/issuer-name': 'a',
            'meta.helm.sh/release-name': 'shop',
          },
        },
        type: 'Opaque',
      },
    ],
  ])('in %s', (_, object) => expect(JSON.parse(textOf(object))).toEqual(object));
});

describe('a large text', () => {
  const cost = (text: string): number => {
    const object = { kind: 'ConfigMap', metadata: { name: 'a' }, data: { file: text } };
    const before = process.cpuUsage();
    redact(object);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const lines = (line: (index: number) => string): string => {
    const all: string[] = [];
    for (let length = 0; length < 1 << 20; length += all.at(-1)?.length ?? 0) all.push(line(all.length));
    return all.join('\n');
  };

  it.each([
    ['short passwords', lines((index) => (index % 1000 === 0 ? `password=a${index}` : `setting.${index}=the value of it`))],
    ['many passwords', lines((index) => `password${index}=value${index}`)],
    ['plain text', lines((index) => `line ${index} of a log that says little and goes on for a while`)],
  ])('of %s takes little time', (_, text) => {
    expect(Math.min(cost(text), cost(text), cost(text))).toBeLessThan(300);
  });
});
