/** Commands about the ways into a cluster. */
import type { Command } from 'commander';
import { type Ending, clusterOptions, graphOptions } from './command-options.ts';

export function pathCommands(root: Command, ending: Ending): void {
  graphOptions(
    clusterOptions(
      root
        .command('paths')
        .description('Show every way from a foothold to control of the cluster, and the fewest changes that close them')
        .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
    )
      .option(
        '--from <footholds>',
        'exposed, workloads, or names with commas: Container/shop/cart/app, User/ann; both kinds where left out',
      )
      .option('--to <target>', 'ClusterAdmin where left out; AllSecrets, etcd, Node/worker-1, CloudIdentity/*, Secret/shop/db, …')
      .option('--cut', 'show the fewest changes that close all ways, and the best single ones')
      .option('--all', 'show every group of ways'),
  )
    .option('--node-facts <file...>', 'what node collect wrote: kubelets, API servers and etcd that let anybody in')
    .option('-f, --format <format>', 'table, json, csv, html, dot or mermaid')
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./paths.ts')).runPaths(paths, flags);
    });
  graphOptions(
    clusterOptions(
      root
        .command('blast')
        .description('Show everything that somebody who has one thing comes to hold')
        .argument('<subject>', 'ServiceAccount/shop/cart, Container/shop/cart/app, User/ann, Node/worker-1, …')
        .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
    ),
  )
    .option('--node-facts <file...>', 'what node collect wrote: kubelets, API servers and etcd that let anybody in')
    .option('-f, --format <format>', 'table or json')
    .action(async (subject: string, paths: string[], flags) => {
      ending.exit = await (await import('./blast.ts')).runBlast(subject, paths, flags);
    });
}
