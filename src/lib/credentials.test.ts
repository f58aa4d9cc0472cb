/** What is a credential and what only looks like one; the near-misses matter as much as the hits. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuTimer } from '../../test/cpu-timer.ts';
import { credentialIn, credentialsInText } from './credentials.ts';
import { RUNS } from '../../test/runs.ts';

/** Written in parts, so that no scanner takes this file for a leak. */
const whole = (...parts: string[]): string => parts.join('');
const KEY = whole('PRIVATE', ' KEY');
const PEM = `-----BEGIN RSA ${KEY}-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END RSA ${KEY}-----\n`;
const AWS_ID = whole('AKIA', 'IOSFODNN7EXAMPLE');
const JWT = whole('eyJ', 'hbGciOiJIUzI1NiJ9', '.eyJ', 'zdWIiOiIxMjM0NTY3ODkwIn0', '.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('by form, whatever the name', () => {
  it.each([
    ['private key', PEM],
    ['private key', PEM.replaceAll(KEY, KEY.replace(' ', '-'))],
    ['private key', `---BEGIN OPENSSH ${KEY}---\nxxxxx\n`],
    ['private key', `-----BEGIN PGP ${KEY} BLOCK-----\n`],
    ['private key', base64(PEM)],
    ['AWS access key id', AWS_ID],
    ['AWS access key id', `{"id": "${AWS_ID}"}`],
    ['JSON web token', JWT],
    ['GitHub token', `ghp_${'a1B2'.repeat(9)}`],
    ['GitHub token', `github_pat_${'11ABCDEFG0'.repeat(3)}`],
    ['GitLab token', `glpat-${'x1Y2z'.repeat(4)}`],
    ['Slack token', whole('xoxb-', '123456789012', '-abcdefABCDEF')],
    ['Slack webhook', whole('https://hooks.slack.com/services/', 'T00000000/B00000000/', 'X'.repeat(24))],
    ['Google API key', whole('AIza', 'SyA-1234567890abcdefghijklmnopqrstu')],
    ['Stripe key', whole('sk_live_', '4eC39HqLyjWDarjtT1zdp7dc')],
    ['password in a URL', 'postgres://shop:hunter2@db:5432/shop'],
    ['password in a URL', 'redis://:hunter2@cache:6379'],
    ['password in a connection string', 'Server=db;User Id=sa;Password=hunter2;'],
    ['Azure storage key', `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${'Ab1+'.repeat(21)}==`],
    ['authorization header', 'Bearer abc123def'],
  ])('%s', (kind, value) => {
    expect(credentialIn('ANYTHING', value)).toEqual({ kind, by: 'form' });
  });

  it.each([
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----'],
    ['a prefix alone', 'AKIA'],
    ['a URL with a port', 'http://shop:8080/path?mail=a@b.example'],
    ['a URL with a user only', 'https://git@github.com/shop/web'],
    ['a URL with a variable', 'postgres://shop:$(DB_PASSWORD)@db/shop'],
    ['a URL with a template', 'postgres://{{ .user }}:{{ .password }}@db/shop'],
    ['a URL as manuals write it', 'http://user:password@proxy:3128'],
    ['an image digest', 'registry.example.com/web@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945'],
    ['an address of an account', 'git@github.com:shop/web.git'],
    ['plain base64', base64('just a sentence without anything secret in it')],
    ['random base64', '3q2+7wAAAAAAAAD/////AAAAAAAAAAAAAAAA'],
  ])('not %s', (_what, value) => {
    expect(credentialIn('ANYTHING', value)).toBeUndefined();
  });
});

describe('by name', () => {
  it.each([
    ['password', 'abc123', 'password'],
    ['DB_PASSWORD', 'hunter2', 'password'],
    ['dbPassword', 'hunter2', 'password'],
    ['PGPASSWORD', 'postgres', 'password'],
    ['spring.datasource.password', 's3cret', 'password'],
    ['DB_PASS', '123456', 'password'],
    ['pwd', 'hi', 'password'],
    ['SECRET_BLAH', 'secretsquirrels', 'secret'],
    ['SECRET_KEY_BASE', 'abcdefabcdef', 'secret key'],
    ['CLIENT_SECRET', 'sq8Q~abcdef', 'secret'],
    ['API_KEY', 'abc-not-random', 'API key'],
    ['apiKey', 'abcdefg', 'API key'],
    ['AUTH_TOKEN', 'abcdefg', 'token'],
    ['AZURE_BATCH_KEY', 'a+b==', 'batch key'],
    ['OCI_CLI_KEY_CONTENT', 'a+b==', 'key'],
    ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'access key'],
    ['AWS_ACCESS_KEY_ID', 'abcdef', 'AWS access key id'],
    ['MYSQL_ROOT_PASSWORD', 'pa/ss', 'password'],
    ['etcd-s3-secret-key', 's3cred', 'secret key'],
    // No Secret is called so.
    ['etcd-s3-config-secret', 'Hunter2!', 'secret'],
    ['etcd-s3-config-secret', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'secret'],
  ])('%s', (name, value, kind) => {
    expect(credentialIn(name, value)).toEqual({ kind, by: 'name' });
  });

  it.each([
    ['DB_PASSWORD', ''],
    ['DB_PASSWORD', '   '],
    ['DB_PASSWORD', 'true'],
    ['DB_PASSWORD', '$(DB_PASS)'],
    ['DB_PASSWORD', '${DB_PASS}'],
    ['DB_PASSWORD', '$DB_PASS'],
    ['DB_PASSWORD', 'vault:secret/data/shop#password'],
    ['DB_PASSWORD', 'ENC[AES256_GCM,data:abc]'],
    ['DB_PASSWORD', '{cipher}abcdef'],
    ['DB_PASSWORD', '{{ .Values.password }}'],
    ['DB_PASSWORD', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:x'],
    ['DB_PASSWORD', '/run/secrets/db'],
    ['DB_PASSWORD', 'file:///run/secrets/db'],
    ['PASSWORD_FILE', 'hunter2'],
    ['DB_PASSWORD_FILE', '/run/secrets/db'],
    ['PASSWORD_LENGTH', '12'],
    ['PASSWORD_POLICY', 'strong-one'],
    ['PASSWORD_RESET_URL', 'abc'],
    ['TOKEN_URL', 'https://login.example.com/token'],
    ['TOKEN_TTL', '30s'],
    ['TOKEN_EXPIRY', 'abc'],
    ['TOKEN_ENDPOINT', 'x'],
    ['TOKEN_TYPE', 'jwt'],
    ['SOME_TOKEN_PATH', '/var/run/secrets/token'],
    ['TOKEN', '3600'],
    ['MAX_TOKENS', '4096'],
    ['TOKENIZER', 'sentencepiece'],
    ['TOKENIZERS_PARALLELISM', 'enabled-always'],
    ['SECRET_NAME', 'shop-db'],
    ['secretName', 'shop-db'],
    ['TLS_SECRET', 'web'],
    ['IMAGE_PULL_SECRET', 'regcred'],
    ['DB_SECRET', 'shop-db-secret'],
    ['etcd-s3-config-secret', 's3cred'],
    ['SECRET_NAMESPACE', 'shop'],
    ['SECRETS_MANAGER_REGION', 'eu-west-1'],
    ['KEYSPACE', 'shop'],
    ['KEY', 'shop'],
    ['CACHE_KEY', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4'],
    ['PUBLIC_KEY', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4'],
    ['PRIVATE_KEY_PATH', '/etc/tls/tls.key'],
    ['API_KEY_HEADER', 'X-Api-Key'],
    ['SSH_KEY', 'id_rsa.pem'],
    ['SECRET_ID', '123e4567-e89b-12d3-a456-426614174000'],
    ['PWD', '/app'],
    ['COMPASS', 'north'],
    ['SECRETARY', 'jane'],
    ['PASSWORDLESS_LOGIN', 'on-demand'],
    ['greeting', 'hello'],
    ['user_name', 'postgres'],
    ['GOOGLE_APPLICATION_CREDENTIALS', '/var/secrets/key.json'],
    ['some-name', 'JWT'],
    ['ENCODED', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4'],
  ])('not %s=%s', (name, value) => {
    expect(credentialIn(name, value)).toBeUndefined();
  });

  it('tells apart what waits to be filled in', () => {
    for (const value of ['xxxxx', 'XXXX', '<your-password>', 'your-password-here', 'REPLACE_ME', '****', 'my-password']) {
      expect(credentialIn('DB_PASSWORD', value)).toEqual({ kind: 'password', by: 'placeholder' });
    }
    expect(credentialIn('DB_PASSWORD', 'changeme')?.by).toBe('name');
  });

  it('believes a vague name only with a value that looks random', () => {
    expect(credentialIn('APP_KEY', 'base64:q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ')).toEqual({ kind: 'key', by: 'guess' });
    expect(credentialIn('APP_KEY', 'web-frontend-production-2')).toBeUndefined();
    expect(credentialIn('PASSWORD_SALT', '9f86d081884c7d659a2feaa0c55ad015')).toEqual({ kind: 'salt', by: 'guess' });
  });
});

describe('whole files', () => {
  it('reads .env, properties, YAML, JSON and scripts', () => {
    const found = credentialsInText(
      [
        '# DB_PASSWORD=commented',
        'REDIS_PASSWORD=abcd1234 # weak',
        'export API_KEY="k-1"',
        'db.password: hunter2',
        '  "clientSecret": "s3cret",',
        "- token: 'tok'",
        'DATABASE_URL=postgres://shop:pw1@db/shop',
        'plain=value',
      ].join('\n'),
    );
    expect(found.map(({ line, name, kind, value }) => [line, name, kind, value])).toEqual([
      [2, 'REDIS_PASSWORD', 'password', 'abcd1234'],
      [3, 'API_KEY', 'API key', 'k-1'],
      [4, 'db.password', 'password', 'hunter2'],
      [5, 'clientSecret', 'secret', 's3cret'],
      [6, 'token', 'token', 'tok'],
      [7, 'DATABASE_URL', 'password in a URL', 'postgres://shop:pw1@db/shop'],
    ]);
  });

  it('reads JSON on one line', () => {
    expect(credentialsInText('{"db":{"user":"shop","password":"hunter2"},"token":"t0k"}').map(({ name }) => name)).toEqual([
      'password',
      'token',
    ]);
  });

  it('finds a key among other lines', () => {
    expect(credentialsInText(`ssl: on\n${PEM}`)).toEqual([
      { kind: 'private key', by: 'form', name: '', value: `-----BEGIN RSA ${KEY}-----`, line: 2 },
    ]);
  });

  it.each([
    ['an empty setting', 'REDIS_PASSWORD='],
    ['a call', 'password = os.environ["DB_PASSWORD"]\ntoken = getToken()\nsecret: process.env.SECRET'],
    ['a command', 'PASSWORD=$(cat /run/secrets/db)\nTOKEN=${TOKEN:-}\n'],
    ['a type', 'password: string\ntoken: {type: string}\nsecret:\n  secretName: web'],
    ['a template', 'password: {{ .Values.password }}\ntoken: "<%= token %>"'],
    ['a sentence', 'token: this one is read from the environment'],
    ['references', 'bearer_token_file: /var/run/secrets/token\npassword_file: pw\ntokenSecretRef: x\nkey: app.kubernetes.io/name'],
    ['properties of a game', 'enemy.types=aliens,monsters\nplayer.maximum-lives=5\n'],
  ])('not %s', (_what, text) => {
    expect(credentialsInText(text)).toEqual([]);
  });

  it('is linear in hostile text', () => {
    const worked = cpuTimer();
    for (const text of [
      'a'.repeat(200_000),
      '"'.repeat(200_000),
      'token'.repeat(40_000),
      'password:'.repeat(20_000),
      `http://${'a:'.repeat(100_000)}@`,
      'eyJ'.repeat(60_000),
      `${' '.repeat(100_000)}key=`,
    ]) {
      credentialsInText(text);
      credentialIn('PASSWORD', text);
    }
    expect(worked()).toBeLessThan(3000);
  });
});

describe('properties', () => {
  const runs = { numRuns: RUNS };
  const anyOf = (characters: string, length: number) =>
    fc.array(fc.constantFrom(...characters), { minLength: length, maxLength: length }).map((all) => all.join(''));
  const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const token = fc.oneof(
    anyOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16).map((id) => `AKIA${id}`),
    anyOf(ALNUM, 36).map((id) => `ghp_${id}`),
    anyOf(ALNUM, 24).map((id) => `sk_live_${id}`),
    anyOf(ALNUM, 35).map((id) => `AIza${id}`),
    anyOf(ALNUM, 12).map((word) => `amqp://guest:${word}@mq:5672`),
  );
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,30}$/);

  it('never throws, and says nothing about nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (key, value) => {
        credentialIn(key, value);
        credentialsInText(`${key}=${value}`);
        expect(credentialIn(key, '')).toBeUndefined();
      }),
      runs,
    );
  });

  it('finds every provider token under any name, alone, in base64 and inside a file', () => {
    fc.assert(
      fc.property(name, token, fc.nat(20), (key, value, lines) => {
        expect(credentialIn(key, value)?.by).toBe('form');
        expect(credentialIn(key, base64(`key: ${value}\n`))?.by).toBe('form');
        const text = `${'plain: line\n'.repeat(lines)}${key}: "${value}"\nlast: line`;
        expect(credentialsInText(text)).toEqual([expect.objectContaining({ by: 'form', line: lines + 1 })]);
      }),
      runs,
    );
  });

  it('never takes references, numbers and switches for credentials, whatever the name', () => {
    const harmless = fc.oneof(
      name.map((other) => `$(${other})`),
      name.map((other) => `\${${other}}`),
      fc.constantFrom('true', 'false', 'null', 'off'),
      fc.nat(999).map(String),
      name.map((part) => `/run/secrets/${part}`),
    );
    fc.assert(
      fc.property(name, harmless, (key, value) => {
        expect(credentialIn(key, value)).toBeUndefined();
        expect(credentialIn(`${key}_PASSWORD`, value)).toBeUndefined();
      }),
      runs,
    );
  });

  it('knows a password by its name, and the same name with a word about it as none', () => {
    const word = fc.stringMatching(/^[a-z]{3,12}$/);
    fc.assert(
      fc.property(
        word,
        fc.constantFrom('PASSWORD', 'PASSWD', 'PASSPHRASE'),
        fc.constantFrom('FILE', 'URL', 'LENGTH', 'PATH', 'TTL', 'NAME', 'ENABLED'),
        anyOf('bcdfghjkmpqrtvwz', 10),
        (prefix, promise, about, value) => {
          expect(credentialIn(`${prefix}_${promise}`, value)?.kind).toBe('password');
          expect(credentialIn(`${prefix}_${promise}_${about}`, value)).toBeUndefined();
        },
      ),
      runs,
    );
  });
});
