import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { maskSecret, withoutCredentials } from './mask.ts';

describe('maskSecret', () => {
  it.each([
    ['hunter2', '*** (7 characters)'],
    ['correct-horse-battery', 'cor*** (21 characters)'],
    [42, '*** (2 characters)'],
    [{ a: 'b' }, '*** (9 characters)'],
    [undefined, '*** (0 characters)'],
  ])('shows little of %j', (value, shown) => {
    expect(maskSecret(value)).toBe(shown);
  });

  it('never shows more than three characters', () => {
    const property = fc.property(fc.string({ minLength: 1 }), (text) => {
      const shown = maskSecret(text).replace(/\*{3} \(\d+ characters\)$/, '');
      expect(shown.length).toBeLessThanOrEqual(3);
      expect(text.startsWith(shown)).toBe(true);
    });
    fc.assert(property, { numRuns: RUNS });
  });
});

describe('withoutCredentials', () => {
  it.each([
    [
      ['kube-apiserver', '--token=x8Kq2mPz7Lw9Rt4VbN', '--profiling=false'],
      ['kube-apiserver', '--token=x8K*** (18 characters)', '--profiling=false'],
    ],
    [
      ['app', '--password', 'x8Kq2mPz7Lw9Rt4VbN'],
      ['app', '--password', 'x8K*** (18 characters)'],
    ],
    [
      { name: 'DB_PASSWORD', value: 'x8Kq2mPz7Lw9Rt4VbN' },
      { name: 'DB_PASSWORD', value: 'x8K*** (18 characters)' },
    ],
    [{ env: [{ name: 'A', value: 'AKIAIOSFODNN7EXAMPLQ' }] }, { env: [{ name: 'A', value: 'AKI*** (20 characters)' }] }],
    ['postgres://shop:x8Kq2mPz7Lw9@db:5432/shop', 'pos*** (41 characters)'],
  ])('masks what is in %j', (value, shown) => {
    expect(withoutCredentials(value)).toEqual(shown);
  });

  it.each([
    ['sh -c "mysqladmin --password=Hunter2Hunter2 ping; ps"', 'sh -c "mysqladmin --password=Hun*** (14 characters) ping; ps"'],
    ['mysqladmin --password Hunter2Hunter2 ping', 'mysqladmin --password Hun*** (14 characters) ping'],
    ['DB_PASSWORD=Hunter2Hunter2 ./run', 'DB_PASSWORD=Hun*** (14 characters) ./run'],
    ['export DB_PASSWORD="Hunter2 Hunter2"; ./run', 'export DB_PASSWORD="Hun*** (15 characters)"; ./run'],
    ["./run --db-password='Hunter2 Hunter2'", "./run --db-password='Hun*** (15 characters)'"],
    ['sh -c "run --password=\\"Hunter2 Hunter2\\" on"', 'sh -c "run --password=\\"Hun*** (15 characters)\\" on"'],
    ['sh -c "run --password=Hunter2Hunter2"', 'sh -c "run --password=Hun*** (14 characters)"'],
    ['{"user":"shop","password":"Hunter2 Hunter2","port":1}', '{"user":"shop","password":"Hun*** (15 characters)","port":1}'],
    ['user: shop\npassword: Hunter2Hunter2\nport: 1', 'user: shop\npassword: Hun*** (14 characters)\nport: 1'],
    ['curl -d token=Hunter2Hunter2 --secret Hunter3', 'curl -d token=Hun*** (14 characters) --secret *** (7 characters)'],
    [
      'create secret generic x --from-literal=password=Hunter2Hunter2',
      'create secret generic x --from-literal=password=Hun*** (14 characters)',
    ],
    ['TOKEN=$(cat /run/token) DB_PASSWORD=Hunter2Hunter2', 'TOKEN=$(cat /run/token) DB_PASSWORD=Hun*** (14 characters)'],
    ['DB_PASS=hunter2', 'DB_PASS=*** (7 characters)'],
    ['--password=Hun"ter 2"Hunter2 ping', '--password=Hun*** (17 characters) ping'],
    ['--password="Hunter2 Hunter2', '--password="Hun*** (15 characters)'],
  ])('masks what is in the middle of %j', (text, shown) => {
    expect(withoutCredentials(text)).toBe(shown);
    expect(withoutCredentials([text])).toEqual([shown]);
    expect(withoutCredentials({ run: text })).toEqual({ run: shown });
  });

  it('masks every secret of a command, wherever it stands', () => {
    const secret = fc.stringMatching(/^[A-Z][a-z]{6}[0-9]{4}[A-Za-z0-9!$%;,&#/]{0,20}x$/);
    const setting = fc.constantFrom(
      '--password=',
      '--password ',
      'PASSWORD=',
      '-e DB_PASSWORD=',
      '"password": ',
      'apiKey="',
      "--token '",
      'x.y.secret=',
    );
    const word = fc.constantFrom(
      'sh -c',
      'run;',
      '--verbose',
      '"',
      "'",
      '\\"',
      'a=b',
      '&&',
      'TOKEN=$X',
      '--token',
      '\n',
      'echo',
      '{',
      'key:',
      '-',
    );
    const words = fc.array(word, { maxLength: 6 }).map((list) => list.join(' '));
    const property = fc.property(words, setting, secret, words, (before, name, value, after) => {
      const close = /["']$/.exec(name)?.[0] ?? '';
      expect(withoutCredentials(`${before} ${name}${value}${close} ${after}`)).not.toContain(value.slice(0, 11));
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('masks the whole of a text with more settings than anybody writes', () => {
    const text = `${'TOKEN=$X '.repeat(2000)}PASSWORD=Hunter2Hunter2`;
    expect(withoutCredentials(text)).toBe(`TOK*** (${text.length} characters)`);
  });

  it.each([
    ['sh -c "run --password-file=/run/secrets/db --token-ttl 30s"'],
    ['run --password=$(DB_PASSWORD) --token ${TOKEN} --verbose'],
    ['the password is not shown here'],
    ['registry.example.com/shop/oauth-token:v1.2.3'],
    ['https://example.com/token/path?a=b'],
    ['--secret --token'],
    ['run --profiling=false --audit-log-path=/var/log/audit.log'],
    [true],
    [undefined],
    [8080],
    ['registry.example.com/shop/web:1.4.2'],
    [['drop', 'ALL']],
    [{ name: 'LOG_LEVEL', value: 'debug' }],
    [['--audit-log-path=/var/log/audit.log']],
  ])('gives back %j itself', (value) => {
    expect(withoutCredentials(value)).toBe(value);
  });
});
