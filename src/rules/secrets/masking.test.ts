/** Nothing that a finding says or shows gives a credential away. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findingsOf } from '../../../test/rule-tester.ts';
import type { Finding } from '../finding.ts';
import { rule as inConfigMap } from './credential-in-configmap.ts';
import { rule as inEnv } from './credential-in-env.ts';
import { RUNS } from '../../../test/runs.ts';

const password = fc.stringMatching(/^[bcdfghjkmpqrtvwz]{8}[0-9]{2}[bcdfghjkmpqrtvwz]{4}$/);

function said({ message, evidence }: Finding): string {
  return JSON.stringify([message, evidence.map(({ path, value }) => [path, value])]);
}

it('in a variable', () => {
  fc.assert(
    fc.property(password, (value) => {
      const env = [
        { name: 'DB_PASSWORD', value },
        { name: 'DB_URL', value: `postgres://shop:${value}@db/shop` },
        { name: 'CONFIG', value: `{"token": "${value}"}` },
      ];
      const found = findingsOf(inEnv, [
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'c', env }] } },
      ]);
      expect(found).toHaveLength(3);
      for (const finding of found) expect(said(finding)).not.toContain(value.slice(3));
    }),
    { numRuns: RUNS },
  );
});

it('in a config map', () => {
  fc.assert(
    fc.property(password, (value) => {
      const data = {
        DB_PASSWORD: value,
        'app.env': `A=b\nDB_PASSWORD=${value}\nAPI_TOKEN=${value}x\n`,
        'app.json': `{"password": "${value}"}`,
      };
      const found = findingsOf(inConfigMap, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data }]);
      expect(found).toHaveLength(3);
      expect(found.map(({ message }) => message)).toContain('"app.env" holds a password (DB_PASSWORD, line 2) and 1 more');
      for (const finding of found) expect(said(finding)).not.toContain(value.slice(3));
    }),
    { numRuns: RUNS },
  );
});
