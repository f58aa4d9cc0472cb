/** Commands about who may talk to whom. */
import type { Command } from 'commander';
import { type Ending, API_SERVER, NODES, clusterOptions, collect, needsCommand } from './command-options.ts';

export function netCommands(root: Command, ending: Ending): void {
  const net = root
    .command('net')
    .helpCommand(false)
    .description('Say who may talk to whom, by the network policies of a cluster or of manifests');
  net.allowExcessArguments().action((_flags, { args }: Command) => {
    throw needsCommand(net, args[0]);
  });
  // The order in which help tells them.
  everyPair(net, ending);
  oneWorkload(net, ending);
  oneStateAndAnother(net, ending);
  policiesThemselves(net, ending);
  enforcement(net, ending);
}

/** Who may talk to whom, for all or for two ends. */
function everyPair(net: Command, ending: Ending): void {
  netOptions(net.command('list').description('List every connection that is allowed'), 'table, json, csv, dot or mermaid')
    .option('--ipv6', 'also addresses of IPv6 outside')
    .option(...POD_ADDRESSES, collect)
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./net-list.ts')).runNetList(paths, flags);
    });
  peerOptions(netOptions(net.command('query').description('Say whether two ends may talk, and on which ports')))
    .option(...STRICT)
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./net-query.ts')).runNetQuery(paths, flags);
    });
  tenantOptions(netOptions(net.command('matrix').description('Show who may talk to whom as a matrix'), 'table, json, csv, dot or mermaid'))
    .option('--by <groups>', 'pod, workload, namespace, label=KEY or namespace-label=KEY; workload where they are few, else namespace')
    .option('--no-color', 'no colours')
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./net-matrix.ts')).runNetMatrix(paths, flags);
    });
  tenantOptions(netInputs(net.command('map').description('Draw who may talk to whom as a page for a browser'))).action(
    async (paths: string[], flags) => {
      ending.exit = await (await import('./net-map.ts')).runNetMap(paths, flags);
    },
  );
  tenantOptions(
    netOptions(net.command('tenants').description('Prove that tenants do not reach each other, or show how they do'), 'table, json or csv'),
  )
    .option('--fail-on <what>', 'exit 1 where two tenants are not apart (open)')
    .option(...STRICT)
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./net-tenants.ts')).runNetTenants(paths, flags);
    });
}

/** What leads to a workload and from it. */
function oneWorkload(net: Command, ending: Ending): void {
  netOptions(net.command('exposure').description('Say what workloads are open to beyond those that exist'), 'table, json or csv')
    .option('--ipv6', 'also addresses of IPv6 outside')
    .option(...POD_ADDRESSES, collect)
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./net-exposure.ts')).runNetExposure(paths, flags);
    });
  netOptions(
    net
      .command('reach')
      .description('Say how far somebody gets who holds a workload, in one hop and in many')
      .argument('<peer>', 'ns/name[Kind], or any other end of a connection'),
    'table, json or csv',
  )
    .option('--ipv6', 'also addresses of IPv6 outside')
    .option(...POD_ADDRESSES, collect)
    .action(async (peer: string, paths: string[], flags) => {
      ending.exit = await (await import('./net-reach.ts')).runNetReach(peer, paths, flags);
    });
  netOptions(
    net.command('entries').description('Say what leads traffic from outside to which workload, and whether the policies let it in'),
    'table, json or csv',
  )
    .option(...POD_ADDRESSES, collect)
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./net-entries.ts')).runNetEntries(paths, flags);
    });
  peerOptions(netOptions(net.command('why').description('Say which policies and rules decide between two ends'))).action(
    async (paths: string[], flags) => {
      ending.exit = await (await import('./net-why.ts')).runNetWhy(paths, flags);
    },
  );
}

/** What is allowed beside what was, and beside what somebody says of it. */
function oneStateAndAnother(net: Command, ending: Ending): void {
  net
    .command('diff')
    .description('Say which connections one state allows and another does not')
    .argument('<before>', 'a file, folder or snapshot, or - for standard input')
    .argument('<after>', 'the same')
    .option('--from <peer>', 'only from these: ns/name[Kind], ns/*, ns/[app=web], 10.0.0.0/8 and so on')
    .option('--to <peer>', 'only to these')
    .option('--ipv6', 'also addresses of IPv6 outside')
    .option(...POD_ADDRESSES, collect)
    .option(...STRICT)
    .option('-q, --quiet', 'nothing on standard error')
    .option('-f, --format <format>', 'table, json or csv')
    .action(async (before: string, after: string, flags) => {
      ending.exit = await (await import('./net-diff.ts')).runNetDiff(before, after, flags);
    });
  netOptions(
    net
      .command('assert')
      .description('Judge what a file says of who may talk to whom')
      .argument('<rules>', 'assertions, in lines or as netassert has them'),
    'table, json, junit or tap',
  )
    .option(...POD_ADDRESSES, collect)
    .option('--strict', 'exit 4 when an assertion could not be judged, part of the input was not read, or policies are not enforced')
    .action(async (file: string, paths: string[], flags) => {
      ending.exit = await (await import('./net-assert.ts')).runNetAssert(file, paths, flags);
    });
}

/** Policies: made, compared and read for what is wrong. */
function policiesThemselves(net: Command, ending: Ending): void {
  netOptions(
    net.command('generate').description('Write policies that allow what the input has a reason for, and nothing else'),
    'yaml or json',
  )
    .option('--kind <kind>', 'NetworkPolicy, or ClusterNetworkPolicy of the tier Admin')
    .option(...API_SERVER)
    .option(...NODES)
    .option('--record <file>', 'a record of use, whose connections are reasons too')
    .option('--flows <file>', 'a log of connections, for this run', collect)
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./net-generate.ts')).runNetGenerate(paths, flags);
    });
  net
    .command('compare')
    .description('Say whether two states allow the same, or one no more than the other, with an example where they do not')
    .argument('<first>', 'a file, folder or snapshot, or - for standard input')
    .argument('<second>', 'the same')
    .option(
      '--question <question>',
      'only this one, and exit 1 where an example is found: equivalent, contains, permits, forbids or interferes',
    )
    .option(...POD_ADDRESSES, collect)
    .option(...STRICT)
    .option('-q, --quiet', 'nothing on standard error')
    .option('-f, --format <format>', 'table or json')
    .action(async (first: string, second: string, flags) => {
      ending.exit = await (await import('./net-compare.ts')).runNetCompare(first, second, flags);
    });
  netOptions(
    net
      .command('lint')
      .description('Tell what is wrong with network policies: refused, undefined, without effect, or other than they seem'),
  )
    .option('--strict', 'exit 4 when part of the input was not read')
    .action(async (paths: string[], flags) => {
      ending.exit = await (await import('./net-lint.ts')).runNetLint(paths, flags);
    });
}

/** Whether the cluster does what its policies say. */
function enforcement(net: Command, ending: Ending): void {
  clusterOptions(
    net
      .command('verify')
      .description('Try whether the cluster enforces what its policies use: makes a namespace with pods, and removes it'),
  )
    .option('--yes', 'do not ask before writing to the cluster')
    .option('--all', 'try everything, also what no policy uses')
    .option('--clean-up', 'only remove what earlier runs left when they were killed')
    .option('--image <image>', 'of the pods: any that has node (node:24-alpine)')
    .option('--image-pull-secret <namespace/name>', 'a Secret to pull it with, copied for the pods')
    .option('--node <node>', 'where pods run; twice for both ends of traffic across nodes', collect)
    .option('--wait <duration>', 'for a policy to take hold (30s)')
    .option('-q, --quiet', 'on standard error only what is left behind')
    .option('-f, --format <format>', 'table or json')
    .action(async (flags) => {
      // What writes to clusters is no part of what all other commands load.
      ending.exit = await (await import('./net-verify.ts')).runNetVerify(flags);
    });
}

/** Of answers about the network that a gate or a proof is made of. */
const STRICT = ['--strict', 'exit 4 when part of the input was not read, or policies are not enforced'] as const;

/** What every question about the network takes. */
function netOptions(command: Command, formats = 'table or json'): Command {
  return netInputs(command).option('-f, --format <format>', formats);
}

function netInputs(command: Command): Command {
  return clusterOptions(
    command.argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
  ).option('-q, --quiet', 'nothing on standard error');
}

/** Of what has no addresses of pods, as manifests have none. */
const POD_ADDRESSES = ['--pod-addresses <range>', 'where pods are whose addresses the input does not tell: 10.244.0.0/16'] as const;

/** Of questions about two ends. */
function peerOptions(command: Command): Command {
  return command
    .option('--from <peer>', 'ns/name[Kind], ns/name, ns/*, ns/[app=web], svc:ns/name[:port], 10.1.2.3 or 10.0.0.0/8')
    .option('--to <peer>', 'the same')
    .option('--port <port>', 'only this port: 80/TCP')
    .option(...POD_ADDRESSES, collect);
}

/** Of questions about tenants. */
function tenantOptions(command: Command): Command {
  return command
    .option('--tenant-label <key>', 'the label of namespaces that says whose they are')
    .option('--tenants <file>', 'a YAML file with the ends of connections of each tenant')
    .option(...POD_ADDRESSES, collect);
}
