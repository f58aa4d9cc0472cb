/** Commands about records of use, and the logs that they are made from. */
import type { Command } from 'commander';
import { type Ending, needsCommand } from './command-options.ts';

export function recordCommands(root: Command, ending: Ending): void {
  const record = root
    .command('record')
    .helpCommand(false)
    .description('Keep what audit logs and flow logs say was really done, in one file that grows');
  record.allowExcessArguments().action((_flags, { args }: Command) => {
    throw needsCommand(record, args[0]);
  });
  record
    .command('add')
    .description('Read logs, or what was added to them since, into a record')
    .argument(
      '<log...>',
      'audit logs and flow logs, plain or gzip; folders of them; STREAM=FILE to say which server wrote it; other records',
    )
    .option('--record <file>', 'the record; made where there is none yet')
    .option('-q, --quiet', 'nothing on standard error')
    .action(async (logs: string[], flags) => {
      ending.exit = await (await import('./record-add.ts')).runRecordAdd(logs, flags);
    });
  record
    .command('show')
    .description('Say over which time a record saw what, and where it may have missed something')
    .argument('<file>', 'a record')
    .option('-f, --format <format>', 'table or json')
    .action(async (file: string, flags) => {
      ending.exit = (await import('./record-show.ts')).runRecordShow(file, flags);
    });

  const audit = root.command('audit').helpCommand(false).description('Set up audit logs that proofs can rest on');
  audit.allowExcessArguments().action((_flags, { args }: Command) => {
    throw needsCommand(audit, args[0]);
  });
  audit
    .command('setup')
    .description('Print how to record enough: the audit policy, flags or settings, volume, and what stays unknown')
    .option('--for <platform>', 'kubeadm, eks, gke, aks, k3s, rke2 or openshift; kubeadm where left out')
    .option('--policy', 'print only the audit policy')
    .action(async (flags) => {
      ending.exit = (await import('./audit-setup.ts')).runAuditSetup(flags);
    });
}
