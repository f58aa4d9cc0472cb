/** Commands about who may do what. */
import type { Command } from 'commander';
import { type Ending, collect, needsCommand } from './command-options.ts';
import type { TargetFlags } from './rbac-input.ts';

/** A verb, what it is for, paths and flags. */
type TargetArguments = [string, string, string[], TargetFlags];

export function rbacCommands(root: Command, ending: Ending): void {
  const rbac = root
    .command('rbac')
    .helpCommand(false)
    .description('Say who may do what, by the roles and bindings of a cluster or of manifests');
  rbac.allowExcessArguments().action((_flags, { args }: Command) => {
    throw needsCommand(rbac, args[0]);
  });
  const target = 'pods, deploy, deployments.apps, pods/exec, secrets/NAME, /metrics';
  rbacOptions(
    asOptions(
      rbac
        .command('can')
        .description('Say whether somebody may do something, and by what; exit 1 on no')
        .argument('<verb>', 'get, list, create, delete, bind, impersonate, …')
        .argument('<target>', target),
    )
      .option('-n, --namespace <namespace>', 'in this namespace; the whole cluster where left out')
      .option('-A, --all-namespaces', 'in the whole cluster')
      .option('--subresource <name>', 'of the target; what follows its slash is then a name'),
  ).action(async (...[verb, on, paths, flags]: TargetArguments) => {
    ending.exit = await (await import('./rbac-can.ts')).runRbacCan({ verb, target: on, paths }, flags);
  });
  rbacOptions(
    rbac
      .command('who-can')
      .description('List all who may do something, where, and by what')
      .argument('<verb>', 'get, list, create, delete, bind, impersonate, …')
      .argument('<target>', target)
      .option('-n, --namespace <namespace>', 'in this namespace; in each of them where left out')
      .option('-A, --all-namespaces', 'only those who may in the whole cluster')
      .option('--subresource <name>', 'of the target; what follows its slash is then a name'),
  ).action(async (...[verb, on, paths, flags]: TargetArguments) => {
    ending.exit = await (await import('./rbac-who-can.ts')).runRbacWhoCan({ verb, target: on, paths }, flags);
  });
  rbacOptions(
    asOptions(rbac.command('permissions').description('Show everything that somebody may do')).option(
      '-n, --namespace <namespace>',
      'only what counts in this namespace',
    ),
  ).action(async (paths: string[], flags) => {
    ending.exit = await (await import('./rbac-permissions.ts')).runRbacPermissions(paths, flags);
  });
  rbacOptions(
    asOptions(rbac.command('escalations').description('List rights by which their holders become more, in one step'))
      .option('--all', "also those of Kubernetes' own components")
      .option('--kubernetes-version <version>', 'judge for this release'),
  ).action(async (paths: string[], flags) => {
    ending.exit = await (await import('./rbac-escalations.ts')).runRbacEscalations(paths, flags);
  });
  rbac
    .command('diff')
    .description('Say who gained and who lost rights between two states')
    .argument('<before>', 'a file, folder or snapshot, or - for standard input')
    .argument('<after>', 'the same')
    .option('-q, --quiet', 'nothing on standard error')
    .option('-f, --format <format>', 'table or json')
    .action(async (before: string, after: string, flags) => {
      ending.exit = await (await import('./rbac-diff.ts')).runRbacDiff(before, after, flags);
    });
  rbacOptions(rbac.command('lint').description('Tell which grants do nothing, lead nowhere or stand twice')).action(
    async (paths: string[], flags) => {
      ending.exit = await (await import('./rbac-lint.ts')).runRbacLint(paths, flags);
    },
  );
  rbacOptions(
    rbac
      .command('generate')
      .description('Write the least roles that allow what was recorded: smaller ones for those of the input, else new ones'),
    'yaml, json or table',
  )
    .option('--record <file>', 'a record of use, as castellan record add makes it')
    .option('--audit <file>', 'an audit log, for this run', collect)
    .option('--for <subject>', 'only for this user or service account: jane, sa:NAMESPACE/NAME', collect)
    .option('--with-denied', 'allow also what was asked for and refused')
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./rbac-generate.ts')).runRbacGenerate(paths, flags);
    });
}

/** What every question about rights takes. The cluster is read as oneself, so that `--as` can name whom it is about. */
function rbacOptions(command: Command, formats = 'table or json'): Command {
  return command
    .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out')
    .option('--context <name>', 'the context of the kubeconfig to read; the current one where left out')
    .option('--kubeconfig <file>', 'the kubeconfig; $KUBECONFIG or ~/.kube/config where left out')
    .option('--request-timeout <duration>', 'of a single request to the cluster: 30s, 1m30s')
    .option('-q, --quiet', 'nothing on standard error')
    .option('-f, --format <format>', formats);
}

function asOptions(command: Command): Command {
  return command
    .option('--as <user>', 'who: a user, system:serviceaccount:NAMESPACE:NAME, or sa:NAMESPACE/NAME')
    .option('--as-group <group>', 'who is also in this group; alone, any member of it', collect);
}
