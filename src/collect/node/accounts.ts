/** Names of users and groups, by the node's own files: numbers mean something else on the machine that collects. */
import type { HostRoot } from './host-root.ts';

const LARGEST = 4 << 20;

export interface Accounts {
  user: (uid: number) => string | undefined;
  group: (gid: number) => string | undefined;
}

export function readAccounts(root: HostRoot): Accounts {
  const users = namesIn(root.text('/etc/passwd', LARGEST));
  const groups = namesIn(root.text('/etc/group', LARGEST));
  return { user: (uid) => users.get(uid), group: (gid) => groups.get(gid) };
}

/** `name:x:0:…`; of two lines with one number the first counts. 0 is root, whatever the files hold. */
function namesIn(text: string | undefined): Map<number, string> {
  const names = new Map<number, string>([[0, 'root']]);
  for (const line of (text ?? '').split('\n')) {
    const [, name, number] = /^([\w.@$-]{1,64}):[^:]*:(\d{1,10})(?::|$)/.exec(line) ?? [];
    if (name !== undefined && !names.has(Number(number))) names.set(Number(number), name);
  }
  return names;
}
