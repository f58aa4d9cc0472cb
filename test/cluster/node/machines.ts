/**
 * Machines for nodes: process trees with their own network, mounts, processes and name. Nothing of it is seen outside
 * but control groups, and empty folders where a node has its places (/etc/kubernetes, /var/lib/kubelet and the like).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../run-program.ts';
import type { Supervision } from '../supervision.ts';
import { waitFor } from '../wait.ts';

export interface Machine {
  name: string;
  address: string;
  /** Put before a command, it runs on the machine. */
  enter: readonly string[];
  /** Put before a command, it runs outside but in the machine's network. */
  network: readonly string[];
}

const FIRST_PROCESS = fileURLToPath(new URL('machine.sh', import.meta.url));
const NAMESPACES = ['--net', '--mount', '--ipc', '--uts', '--pid', '--fork', '--mount-proc', '--kill-child', '--propagation', 'private'];

export async function startMachines(supervision: Supervision, count: number): Promise<Machine[]> {
  mkdirSync(join(supervision.folder, 'machines'));
  const machines: Machine[] = [];
  for (let number = 1; number <= count; number += 1) machines.push(await startMachine(supervision, number, machines[0]));
  return machines;
}

async function startMachine(supervision: Supervision, number: number, first: Machine | undefined): Promise<Machine> {
  const { folder } = supervision;
  const name = `node${number}`;
  const sign = (what: string): string => join(folder, 'machines', `${name}.${what}`);
  const check = (): void => {
    const how = supervision.exited(name);
    if (how !== undefined) throw new Error(`${name} ended with ${how}:\n${supervision.log(name)}`);
  };
  const pid = await supervision.start({ name, command: ['unshare', ...NAMESPACES, FIRST_PROCESS, folder, String(number)], env: {} });
  await waitFor(`first process of ${name}`, () => existsSync(sign('ready')), { seconds: 30, check });
  const inner = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const network = ['nsenter', `--net=/proc/${inner}/ns/net`];
  if (first !== undefined) {
    await runProgram([...first.network, 'ip', 'link', 'add', `port${number}`, 'type', 'veth', 'peer', 'name', 'wire', 'netns', inner]);
    await runProgram([...first.network, 'ip', 'link', 'set', `port${number}`, 'master', 'switch', 'up']);
  }
  writeFileSync(sign('wired'), '');
  await waitFor(`network of ${name}`, () => existsSync(sign('up')), { seconds: 30, check });
  // What runs on the machine ends when the program outside that entered it for it does.
  const leash = ['setpriv', '--pdeathsig', 'KILL', '--'];
  const enter = ['nsenter', '-t', inner, '--net', '--mount', '--pid', '--ipc', '--uts', '--', ...leash];
  return { name, address: `10.89.0.${number}`, enter, network };
}
