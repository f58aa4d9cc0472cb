/** Commands about etcd and its backups. */
import type { Command } from 'commander';
import { type Ending, clusterOptions, graphOptions, needsCommand } from './command-options.ts';

export function etcdCommands(root: Command, ending: Ending): void {
  const etcd = root
    .command('etcd')
    .helpCommand(false)
    .description('Say whether a backup of etcd is whole and encrypted, and who can reach etcd');
  etcd.allowExcessArguments().action((_flags, { args }: Command) => {
    throw needsCommand(etcd, args[0]);
  });
  etcd
    .command('verify')
    .description('Check a snapshot or a database file: every page and record, counts, encryption of Secrets')
    .argument('<file>', 'what etcdctl snapshot save wrote, or member/snap/db of a data folder of etcd that does not run')
    .option('--encryption-config <file>', 'the EncryptionConfiguration of the API server, which says what should be encrypted')
    .option('--fail-on <what>', 'exit 1 where a Secret, or what else should be encrypted, is plain (plain)')
    .option('--restore-check', 'also start a real etcd from it, and compare revision and keys')
    .option('--etcd <path>', 'the folder with etcd and etcdutl; looked for in PATH where left out')
    .option('--prefix <prefix>', 'under which the API server keeps its objects; found by itself where left out')
    .option('-f, --format <format>', 'table or json')
    .option('--no-color', 'no colours')
    .action(async (file: string, flags) => {
      ending.exit = await (await import('./etcd-verify.ts')).runEtcdVerify(file, flags);
    });
  graphOptions(
    clusterOptions(
      etcd
        .command('reach')
        .description('Show who can reach etcd: by the network, by its nodes and files, by rights, by client certificates')
        .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
    )
      .option('--from <footholds>', 'exposed, workloads, or names with commas; both kinds where left out')
      .option('--node-facts <file...>', 'what node collect wrote on servers of k3s and RKE2: the snapshots that they save by themselves')
      .option('--all', 'show every group of ways'),
  )
    .option('-f, --format <format>', 'table or json')
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./etcd-reach.ts')).runEtcdReach(paths, flags);
    });
}
