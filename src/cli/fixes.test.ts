import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runHere, runProcess } from '../../test/run-here.ts';
import { RULES } from '../rules/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'castellan-fixes-'));
const FACTS = RULES.find(({ id }) => id === 'admin-kubeconfig-perm')?.examples().bad[0]?.yaml ?? '';
writeFileSync(join(folder, 'n1.json'), FACTS);
writeFileSync(join(folder, 'pod.yaml'), 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n');
afterAll(() => rmSync(folder, { recursive: true }));

describe('fixes of nodes alone', () => {
  it('needs no cluster, as a process', async () => {
    const { status, stdout } = await runProcess(['fixes', '--node-facts', 'n1.json', '--patch'], { cwd: folder });
    expect(status).toBe(0);
    expect(stdout).toContain('# on node1, as root:\nchmod 600 /etc/kubernetes/admin.conf\n');
  });

  it('says what they are about, and offers nothing that castellan does not do', async () => {
    const { stdout } = await runHere(['fixes', '--node-facts', 'n1.json'], { cwd: folder });
    expect(stdout).toContain('1 node');
    expect(stdout).toContain('castellan explain 1 --node-facts n1.json');
    expect(stdout).not.toContain('castellan apply');
  });

  it('are those of the files too that follow the facts', async () => {
    const { status, stdout } = await runHere(['fixes', '--node-facts', 'n1.json', 'pod.yaml'], { cwd: folder });
    expect(status).toBe(0);
    expect(stdout).toContain('castellan explain 1 pod.yaml --node-facts n1.json');
  });
});
