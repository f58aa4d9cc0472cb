import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeFacts } from '../../test/rule-tester.ts';
import { type RanHere, runHere, runProcess } from '../../test/run-here.ts';
import { SCHEMAS } from '../report/schemas/index.ts';

let folder = '';
const run = (...args: string[]): Promise<RanHere> => runHere(['authn', ...args], { cwd: folder });
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-authn-'));
  const config = {
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'AuthenticationConfiguration',
    jwt: [
      {
        issuer: { url: 'https://id.example.com', audiences: ['k8s'] },
        claimMappings: {
          username: { claim: 'sub', prefix: 'id:' },
          groups: { expression: 'claims.roles' },
          extra: [{ key: 'example.com/team', valueExpression: 'claims.team' }],
        },
        claimValidationRules: [{ claim: 'hd', requiredValue: 'example.com' }],
        userValidationRules: [{ expression: "!user.username.startsWith('system:')", message: 'no' }],
      },
    ],
    anonymous: { enabled: true, conditions: [{ path: '/livez' }] },
  };
  const flags = ['--client-ca-file=/ca.crt', '--authentication-config=/authn.json', '--requestheader-client-ca-file=/front.crt'];
  const own = ['--service-account-issuer=https://kubernetes', '--service-account-key-file=/sa.pub', '--token-auth-file=/tokens'];
  const files = { '/authn.json': `600 root:root ${JSON.stringify(config)}` };
  writeFileSync(join(folder, 'cp1.json'), nodeFacts({ node: 'cp1', processes: [['kube-apiserver', ...flags, ...own]], files }));
  const soon = Math.floor(Date.now() / 1000) + 600;
  const jane = { iss: 'https://id.example.com', aud: 'k8s', sub: 'jane', hd: 'example.com', exp: soon };
  const lines = [
    '# tokens to ask about',
    '',
    JSON.stringify({ id: 'jane', claims: { ...jane, roles: ['dev'], team: 'shop' } }),
    // An expression that fails refuses.
    JSON.stringify({ id: 'without roles', claims: { ...jane, team: 'shop' } }),
    JSON.stringify({
      claims: { iss: 'https://kubernetes', exp: soon, 'kubernetes.io': { namespace: 'a', serviceaccount: { name: 'b', uid: 'c' } } },
    }),
    'opaque-and-secret',
  ];
  writeFileSync(join(folder, 'tokens'), lines.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('writes the document that it publishes, and no token', async () => {
  const { stdout, status } = await run('--node-facts', 'cp1.json', '--tokens', 'tokens', '-f', 'json');
  expect(status).toBe(0);
  expect(stdout).not.toContain('opaque-and-secret');
  const document: unknown = JSON.parse(stdout);
  const validate = new Ajv2020({ strict: true, strictRequired: true, allowUnionTypes: true }).compile(SCHEMAS.authn ?? {});
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  const tokens = [
    { id: 'jane', accepted: 'yes', by: 'jwt', as: { username: 'id:jane', groups: ['dev', 'system:authenticated'] } },
    { id: 'without roles', accepted: 'no', by: 'jwt' },
    { id: 'line 5', accepted: 'yes', by: 'service-account', as: { username: 'system:serviceaccount:a:b' } },
    { id: 'line 6', accepted: 'unknown', by: 'static-token' },
  ];
  expect(document).toMatchObject({ servers: [{ node: 'cp1', tokens }] });
});

it('draws a table', async () => {
  const { stdout } = await runProcess(['authn', '--node-facts', 'cp1.json', '--tokens', 'tokens'], { cwd: folder });
  expect(stdout).toMatch(/^API server of cp1 {2}cp1:\/proc\/100\/cmdline\n {2}1\. request-header/);
  expect(stdout).toContain('where hd is "example.com"');
  expect(stdout).toContain('groups: claims.roles');
  expect(stdout).toContain('cp1:/authn.json jwt[0]');
  expect(stdout).toMatch(/restart {3}every token in \/tokens/);
  expect(stdout).toMatch(/yes {6}line 5: system:serviceaccount:a:b \[.*system:authenticated\] by service-account/);
  expect(stdout).toContain('if it is signed by the key of service accounts');
});

it('says of a proxy without a header for names that nobody comes in by it', async () => {
  writeFileSync(join(folder, 'cp2.json'), nodeFacts({ processes: [['kube-apiserver', '--requestheader-client-ca-file=/front.crt']] }));
  const { stdout } = await run('--node-facts', 'cp2.json');
  expect(stdout).toContain('no header is named in which a proxy with a certificate of /front.crt would say who it is');
  expect(stdout).not.toContain('()');
});

it.each<[string[], number, RegExp]>([
  [['--tokens', 'cp1.json'], 2, /line 1 of the tokens has neither/],
  [['--tokens', 'none'], 3, /CAS_NOT_FOUND/],
  [['--keys', 'nonsense'], 2, /--keys takes ISSUER=FILE/],
  [['--keys', 'https://a=tokens'], 2, /neither a set of keys/],
  [['--at', 'noon'], 2, /--at takes a time/],
  [['-f', 'csv'], 2, /no format "csv"/],
])('refuses %j', async (args, code, message) => {
  const { status, stderr } = await run('--node-facts', 'cp1.json', ...args);
  expect(status).toBe(code);
  expect(stderr).toMatch(message);
});

it('says where to get what it needs when there is no API server', async () => {
  writeFileSync(join(folder, 'pod.yaml'), 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n');
  const { status, stderr } = await run('pod.yaml');
  expect(status).toBe(3);
  expect(stderr).toMatch(/no API server is in the input[^]*castellan node collect/);
});
