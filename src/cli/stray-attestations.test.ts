import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runHere } from '../../test/run-here.ts';

it('an attestation of somebody who is not in the input is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-stray-'));
  const of = (name: string): string =>
    `attestations: [{not-needed: get pods, of: ServiceAccount/app/${name}, who: ann, why: gone, until: 2999-01-01}]\n`;
  writeFileSync(join(folder, 'in.yaml'), 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: app}\n');
  for (const name of ['web', 'wbe']) writeFileSync(join(folder, `${name}.yaml`), of(name));
  const said = async (name: string): Promise<string> =>
    (await runHere(['fixes', 'in.yaml', '--config', `${name}.yaml`], { cwd: folder })).stderr;
  expect(await said('web')).toBe('');
  expect(await said('wbe')).toBe('castellan: attestation "get pods" is of ServiceAccount/app/wbe, which the input does not hold\n');
  rmSync(folder, { recursive: true });
});
