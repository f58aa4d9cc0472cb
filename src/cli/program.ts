/** The command line: names, arguments, help. Each command's module is loaded when it runs, and with it only what it needs. */
import { Command, CommanderError } from 'commander';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { makeOnly } from './asked-command.ts';
import { GATES } from './diff-gates.ts';
import { ENGINE_NAMES } from './engines.ts';
import type { TargetFlags } from './rbac-input.ts';
import type { ScanFlags } from './scan.ts';
import { VERSION } from './version.ts';

export interface Program {
  run(argv: readonly string[]): Promise<number>;
  /** For the generated reference and the completions. */
  root: Command;
}

/** A verb, what it is for, paths and flags. */
type TargetArguments = [string, string, string[], TargetFlags];

/** `asked` is the first word of the command line, where there is one: whatever it is, only that command is made. */
export function buildProgram(name = 'castellan', asked?: string): Program {
  const root = new Command(name)
    .description('Finds the ways into a Kubernetes cluster, and the few changes that close most of them.')
    .version(VERSION, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Show help')
    .helpCommand(false)
    .configureHelp({ sortSubcommands: false, subcommandTerm: (command) => command.name() })
    .addHelpText(
      'after',
      `
Examples:
  ${name} scan                                  judge the cluster of the current context
  ${name} scan deploy/                          judge every manifest below a folder
  ${name} scan deploy/ -f sarif=out.sarif       for code scanning, beside the screen
  ${name} scan --record use.record              also by what was really done
  ${name} scan deploy/ --fail-on high           exit 1 on findings that are high or worse
  kubectl get all -A -o yaml | ${name} scan -   judge what kubectl prints
  ${name} explain privileged                    why a rule is there, and what to do

Exit codes: 0 clean, 1 a gate failed, 2 usage, 3 nothing could be read, 4 incomplete under --strict`,
    );
  if (asked !== undefined) makeOnly(root, asked);
  let exit = 0;

  scanOptions(
    root
      .command('scan')
      .description('Judge a cluster, or manifests: files, folders, snapshots, or - for standard input')
      .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
  )
    .option('--severity <severity>', 'show only findings of this severity or worse')
    .option('--fail-on <severity>', 'exit 1 when there are findings of this severity or worse')
    .option('--strict', 'exit 4 when part of the input could not be judged')
    .option('--all', 'also show what passed or is excepted')
    .option('--gaps', 'list what could not be read or judged')
    .option('-v, --verbose', 'list every finding with its source lines')
    .option('-q, --quiet', 'nothing on standard error')
    .option('--no-color', 'no colours')
    .option('--baseline <file>', 'gate only on findings that are not in this baseline')
    .option('-f, --format <format[=file]>', 'how to report; may be given several times', collect)
    .option('-o, --output <file>', 'write the report there')
    .action(async (paths: string[], flags: ScanFlags) => {
      exit = await (await import('./scan.ts')).runScan(paths, flags);
    });

  proofOptions(
    root
      .command('fixes')
      .description('Find the few changes that close the most ways to cluster control, each with what it would have denied')
      .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
  )
    .option(...NODE_FACTS)
    .option(...DAY)
    .option('--top <number>', 'how many changes; 5 where left out')
    .option('--patch', 'print them as a patch for the files, or as kubectl commands for a cluster')
    .option(...SOURCE)
    .option('-f, --format <format>', 'table, json, markdown or html')
    .option('-q, --quiet', 'nothing on standard error')
    .option('--no-color', 'no colours')
    .action(async (paths: string[], flags) => {
      exit = await (await import('./fixes.ts')).runFixes(paths, flags);
    });

  proofOptions(
    root
      .command('whatif')
      .description('Prove a change of your own: what it closes, and what it would have denied')
      .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
  )
    .option('--change <file>', 'patches, or manifests as they should be')
    .option(...DAY)
    .option('--fail-on <verdict>', 'exit 1 where the change breaks something (breaks), or where that is not known either (unknown)')
    .option('-f, --format <format>', 'table or json')
    .option('-q, --quiet', 'nothing on standard error')
    .option('--no-color', 'no colours')
    .action(async (paths: string[], flags) => {
      exit = await (await import('./whatif.ts')).runWhatIf(paths, flags);
    });

  proofOptions(
    root
      .command('apply')
      .description('Make fixes: in the files that hold the objects, or on a cluster after the server has tried them and you have agreed')
      .argument('[fix-or-path...]', 'numbers or ids of castellan fixes, then with --to-files the paths that they were found in'),
  )
    .option(...NODE_FACTS)
    .option('--top <number>', 'of how many fixes the list was; 5 where left out')
    .option('--to-files', 'edit the files, all or none; what changed is printed as a patch')
    .option('--dry-run', 'only show what would be done; on a cluster the server tries it')
    .option('--yes', 'do not ask before writing to the cluster')
    .option('--journal <file>', 'where to keep what was done to the cluster')
    .option('--watch <duration>', 'afterwards follow the log of --audit for so long, and exit 1 where the change refuses something')
    .option(
      '--proof <file>',
      'make them only while proofs that castellan fixes -f json wrote hold: nothing they were made from changed, and not expired',
    )
    .option('--undo <file>', 'take back what such a file tells of')
    .option('-q, --quiet', 'nothing on standard error but errors')
    .action(async (words: string[], flags) => {
      // What writes to clusters is no part of what all other commands load.
      exit = await (await import('./apply.ts')).runApply(words, flags);
    });

  evidenceOptions(
    root
      .command('diff')
      .description('Say what a change of files or of a cluster opens, closes and takes away; for pull requests')
      .argument('<before>', 'a file, folder or snapshot, or - for standard input')
      .argument('<after>', 'the same'),
  )
    .option('--on <snapshot>', 'judge both as applied to the cluster that this snapshot is of')
    .option('--fail-on <what>', `exit 1 on any of these: ${GATES.join(', ')}`, collect)
    .option('--strict', 'exit 4 when part of the input was not read')
    .option(...CONFIG)
    .option('--kubernetes-version <version>', 'judge for this release')
    .option('-q, --quiet', 'nothing on standard error')
    .option('--no-color', 'no colours')
    .option('-f, --format <format>', 'table, json or markdown')
    .action(async (before: string, after: string, flags) => {
      exit = await (await import('./diff.ts')).runDiff(before, after, flags);
    });

  root
    .command('rules')
    .description('List the rules and the controls that they answer')
    .option('-f, --format <format>', 'table or json')
    .option('--framework <id>', 'only those that answer a control of this framework')
    .option('--benchmark <id>', 'the same of a benchmark; list names the benchmarks and how many controls each has')
    .option('--rules <file>', 'also list the rules of this .mjs or .ts file', collect)
    .action(async (flags) => {
      exit = await (await import('./rules.ts')).runRules(flags);
    });

  replayOptions(
    scanOptions(
      root
        .command('explain')
        .description('Say why a rule is there and what to do, or show one finding, or one fix')
        .argument('<rule|fingerprint|fix>', 'id of a rule (also that of another tool), fingerprint of a finding, number or id of a fix')
        .argument('[path...]', 'for a finding or a fix: the input that it was found in, with the options of that command'),
    ),
  )
    .option('--top <number>', 'of how many fixes the list was; 5 where left out')
    .option(...SOURCE)
    .option(...DAY)
    .option(...API_SERVER)
    .option(...NODES)
    .option('--no-color', 'no colours')
    .action(async (name: string, paths: string[], flags) => {
      exit = await (await import('./explain.ts')).runExplain(name, paths, flags);
    });

  scanOptions(
    root
      .command('baseline')
      .description('Write down what is found today, to gate on what is new')
      .argument('[path...]', 'files, folders, or - for standard input'),
  ).action(async (paths: string[], flags) => {
    exit = await (await import('./baseline.ts')).runBaseline(paths, flags);
  });

  connectionOptions(
    root
      .command('permissions')
      .description('Print the rights that a full scan of a cluster needs, or net verify; with --context which of them are missing'),
  )
    .option('--for <command>', 'scan, net-verify or configz')
    .option('-f, --format <format>', 'yaml or json')
    .action(async (flags) => {
      exit = await (await import('./permissions.ts')).runPermissions(flags);
    });

  const snapshot = clusterOptions(
    root
      .command('snapshot')
      .description('Write what a cluster is now into one file, for other commands to read')
      .argument('[file]', 'a snapshot to write once more; the cluster of the current context where left out'),
  )
    .option('--anonymize', 'replace all names, so that the file can be shown to others')
    .option('-o, --output <file>', 'write the snapshot there')
    .option('-q, --quiet', 'nothing on standard error')
    .action(async (file: string | undefined, flags) => {
      exit = await (await import('./snapshot.ts')).runSnapshot(file, flags);
    });
  snapshot
    .command('show')
    .description('Say what is in a snapshot')
    .argument('<file>', 'a snapshot')
    .option('-f, --format <format>', 'table or json')
    .option('--no-color', 'no colours')
    .action(async (file: string, flags) => {
      exit = (await import('./snapshot-show.ts')).runSnapshotShow(file, flags);
    });

  const versions = clusterOptions(
    root
      .command('versions')
      .description('Show what runs in which version: support, skew, known holes that apply, and the way to a newer release')
      .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
  )
    .option('--to <release>', 'the release to plan for, such as 1.36; the newest with support where left out')
    .option('--record <file>', 'a record of use: which APIs that go were really asked for')
    .option('--audit <file>', 'an audit log, for this run', collect)
    .option('--data <file>', 'tables in place of those of this build, as castellan versions data prints them')
    .option('--on <day>', 'judge for this day; today where left out')
    .option('--kubernetes-version <version>', 'the version of the API server, where the input does not tell it')
    .option('--all', 'also the holes that do not apply, with the reason, and every use of an API')
    .option('-f, --format <format>', 'table, json or markdown')
    .option('-q, --quiet', 'nothing on standard error')
    .action(async (paths: string[], flags) => {
      exit = await (await import('./versions.ts')).runVersions(paths, flags);
    });
  versions
    .command('data')
    .description('Print the tables that versions are judged by: support dates, holes, skew, removed APIs')
    .action(async () => {
      exit = (await import('./versions.ts')).runVersionsData();
    });

  const node = root
    .command('node')
    .helpCommand(false)
    .description('Collect what runs on a node, what its files say and who may read them, for scan --node-facts');
  node.allowExcessArguments().action((_flags, { args }: Command) => {
    throw needsCommand(node, args[0]);
  });
  node
    .command('collect')
    .description('Write the facts of a node into a file; only reads, and keeps no key')
    .option('--root <dir>', 'where the disk of the node is mounted; / where left out')
    .option('--node <name>', 'name of the Node object, where it is not that of the host')
    .option('-o, --output <file>', 'write the facts there')
    .option('-q, --quiet', 'nothing on standard error')
    .action(async (flags) => {
      exit = (await import('./node-collect.ts')).runNodeCollect(flags);
    });
  node
    .command('manifest')
    .description('Print the Jobs that collect the facts of nodes: the disk of the node read-only, no account, no network of the node')
    .option('--node <name>', 'a node; may be given several times, or several with commas', collect)
    .option('--image <image>', 'an image that has castellan')
    .option('--image-pull-secret <name>', 'the Secret for it, in the namespace of the Jobs')
    .option('-n, --namespace <namespace>', 'where the Jobs run; castellan-nodes where left out')
    .action(async (flags) => {
      exit = (await import('./node-manifest.ts')).runNodeManifest(flags);
    });

  connectionOptions(
    root
      .command('probe')
      .description('Ask the ports of a cluster, without credentials, for TLS, certificates and what they give to anybody')
      .argument('[path...]', 'a snapshot or manifests that tell the nodes; the cluster of the current context where left out'),
  )
    .option('--target <host:port=component>', 'a port to ask, also without a cluster; may be given several times', collect)
    .option('--node-facts <file...>', 'what node collect wrote: which ports there are, and how they should be')
    .option('--configz', 'ask kubelets for the configuration that they run with, by the client certificate of the kubeconfig')
    .option('--configz-token <file>', 'the same by a token that may do nothing else; that of the kubeconfig is never sent')
    .option('--yes', 'do not ask before connecting')
    .option('--rate <number>', 'connections in a second; 20 where left out')
    .option('--wait <duration>', 'for one connection; 5s where left out')
    .option('-f, --format <format>', 'table or json')
    .option('-o, --output <file>', 'write the report there')
    .option('--no-color', 'no colours')
    .option('-q, --quiet', 'nothing on standard error')
    .action(async (paths: string[], flags) => {
      exit = await (await import('./probe.ts')).runProbe(paths, flags);
    });

  connectionOptions(
    root
      .command('authn')
      .description('Show how API servers tell who asks, which credentials last, and which tokens would be accepted as whom')
      .argument('[path...]', 'files, folders, snapshots, or - for standard input; the cluster of the current context where left out'),
  )
    .option('--node-facts <file...>', 'what node collect wrote on nodes of the control plane: flags and files of API servers')
    .option('--tokens <file>', 'tokens to ask about, one a line, or {"claims": {…}}; - for standard input')
    .option('--keys <issuer=file>', 'the public keys of an issuer (JWKS or PEM), to check signatures; may be given several times', collect)
    .option('--at <time>', 'judge tokens for this time; now where left out')
    .option('-f, --format <format>', 'table or json')
    .option('-o, --output <file>', 'write the result there')
    .option('--no-color', 'no colours')
    .option('-q, --quiet', 'nothing on standard error')
    .action(async (paths: string[], flags) => {
      exit = await (await import('./authn.ts')).runAuthn(paths, flags);
    });

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
      exit = await (await import('./record-add.ts')).runRecordAdd(logs, flags);
    });
  record
    .command('show')
    .description('Say over which time a record saw what, and where it may have missed something')
    .argument('<file>', 'a record')
    .option('-f, --format <format>', 'table or json')
    .action(async (file: string, flags) => {
      exit = (await import('./record-show.ts')).runRecordShow(file, flags);
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
      exit = (await import('./audit-setup.ts')).runAuditSetup(flags);
    });

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
      exit = await (await import('./etcd-verify.ts')).runEtcdVerify(file, flags);
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
      exit = await (await import('./etcd-reach.ts')).runEtcdReach(paths, flags);
    });

  const net = root
    .command('net')
    .helpCommand(false)
    .description('Say who may talk to whom, by the network policies of a cluster or of manifests');
  net.allowExcessArguments().action((_flags, { args }: Command) => {
    throw needsCommand(net, args[0]);
  });
  netOptions(net.command('list').description('List every connection that is allowed'), 'table, json, csv, dot or mermaid')
    .option('--ipv6', 'also addresses of IPv6 outside')
    .option(...POD_ADDRESSES, collect)
    .action(async (paths: string[], flags) => {
      exit = await (await import('./net-list.ts')).runNetList(paths, flags);
    });
  peerOptions(netOptions(net.command('query').description('Say whether two ends may talk, and on which ports')))
    .option(...STRICT)
    .action(async (paths: string[], flags) => {
      exit = await (await import('./net-query.ts')).runNetQuery(paths, flags);
    });
  tenantOptions(netOptions(net.command('matrix').description('Show who may talk to whom as a matrix'), 'table, json, csv, dot or mermaid'))
    .option('--by <groups>', 'pod, workload, namespace, label=KEY or namespace-label=KEY; workload where they are few, else namespace')
    .option('--no-color', 'no colours')
    .action(async (paths: string[], flags) => {
      exit = await (await import('./net-matrix.ts')).runNetMatrix(paths, flags);
    });
  tenantOptions(netInputs(net.command('map').description('Draw who may talk to whom as a page for a browser'))).action(
    async (paths: string[], flags) => {
      exit = await (await import('./net-map.ts')).runNetMap(paths, flags);
    },
  );
  tenantOptions(
    netOptions(net.command('tenants').description('Prove that tenants do not reach each other, or show how they do'), 'table, json or csv'),
  )
    .option('--fail-on <what>', 'exit 1 where two tenants are not apart (open)')
    .option(...STRICT)
    .action(async (paths: string[], flags) => {
      exit = await (await import('./net-tenants.ts')).runNetTenants(paths, flags);
    });
  netOptions(net.command('exposure').description('Say what workloads are open to beyond those that exist'), 'table, json or csv')
    .option('--ipv6', 'also addresses of IPv6 outside')
    .option(...POD_ADDRESSES, collect)
    .action(async (paths: string[], flags) => {
      exit = await (await import('./net-exposure.ts')).runNetExposure(paths, flags);
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
      exit = await (await import('./net-reach.ts')).runNetReach(peer, paths, flags);
    });
  netOptions(
    net.command('entries').description('Say what leads traffic from outside to which workload, and whether the policies let it in'),
    'table, json or csv',
  )
    .option(...POD_ADDRESSES, collect)
    .action(async (paths: string[], flags) => {
      exit = await (await import('./net-entries.ts')).runNetEntries(paths, flags);
    });
  peerOptions(netOptions(net.command('why').description('Say which policies and rules decide between two ends'))).action(
    async (paths: string[], flags) => {
      exit = await (await import('./net-why.ts')).runNetWhy(paths, flags);
    },
  );
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
      exit = await (await import('./net-diff.ts')).runNetDiff(before, after, flags);
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
      exit = await (await import('./net-assert.ts')).runNetAssert(file, paths, flags);
    });
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
      exit = await (await import('./net-generate.ts')).runNetGenerate(paths, flags);
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
      exit = await (await import('./net-compare.ts')).runNetCompare(first, second, flags);
    });
  netOptions(
    net
      .command('lint')
      .description('Tell what is wrong with network policies: refused, undefined, without effect, or other than they seem'),
  )
    .option('--strict', 'exit 4 when part of the input was not read')
    .action(async (paths: string[], flags) => {
      exit = await (await import('./net-lint.ts')).runNetLint(paths, flags);
    });

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
      exit = await (await import('./net-verify.ts')).runNetVerify(flags);
    });

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
    .option('-f, --format <format>', 'table, json, csv, html, dot or mermaid')
    .action(async (paths: string[], flags) => {
      exit = await (await import('./paths.ts')).runPaths(paths, flags);
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
    .option('-f, --format <format>', 'table or json')
    .action(async (subject: string, paths: string[], flags) => {
      exit = await (await import('./blast.ts')).runBlast(subject, paths, flags);
    });

  const rbac = root
    .command('rbac')
    .helpCommand(false)
    .description('Say who may do what, by the roles and bindings of a cluster or of manifests');
  rbac.allowExcessArguments().action((_flags, { args }: Command) => {
    const names = rbac.commands.map((command) => command.name()).join(', ');
    throw new CastellanError('CAS_USAGE', args[0] === undefined ? `rbac needs one of ${names}` : `there is no command "rbac ${args[0]}"`, {
      remedy: `The commands are: ${names}.`,
    });
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
    exit = await (await import('./rbac-can.ts')).runRbacCan({ verb, target: on, paths }, flags);
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
    exit = await (await import('./rbac-who-can.ts')).runRbacWhoCan({ verb, target: on, paths }, flags);
  });
  rbacOptions(
    asOptions(rbac.command('permissions').description('Show everything that somebody may do')).option(
      '-n, --namespace <namespace>',
      'only what counts in this namespace',
    ),
  ).action(async (paths: string[], flags) => {
    exit = await (await import('./rbac-permissions.ts')).runRbacPermissions(paths, flags);
  });
  rbacOptions(
    asOptions(rbac.command('escalations').description('List rights by which their holders become more, in one step'))
      .option('--all', "also those of Kubernetes' own components")
      .option('--kubernetes-version <version>', 'judge for this release'),
  ).action(async (paths: string[], flags) => {
    exit = await (await import('./rbac-escalations.ts')).runRbacEscalations(paths, flags);
  });
  rbac
    .command('diff')
    .description('Say who gained and who lost rights between two states')
    .argument('<before>', 'a file, folder or snapshot, or - for standard input')
    .argument('<after>', 'the same')
    .option('-q, --quiet', 'nothing on standard error')
    .option('-f, --format <format>', 'table or json')
    .action(async (before: string, after: string, flags) => {
      exit = await (await import('./rbac-diff.ts')).runRbacDiff(before, after, flags);
    });
  rbacOptions(rbac.command('lint').description('Tell which grants do nothing, lead nowhere or stand twice')).action(
    async (paths: string[], flags) => {
      exit = await (await import('./rbac-lint.ts')).runRbacLint(paths, flags);
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
      exit = await (await import('./rbac-generate.ts')).runRbacGenerate(paths, flags);
    });

  root
    .command('eval')
    .description(`Run an engine over JSON cases, one a line on standard input: ${ENGINE_NAMES.join(', ')}`)
    .argument('<engine>', ENGINE_NAMES.join(' or '))
    .action(async (engine: string) => {
      exit = await (await import('./eval.ts')).runEval(engine);
    });

  root
    .command('schema')
    .description('Print the JSON Schema of a document; without a name, list them')
    .argument('[name]', 'scan, rules, baseline, …')
    .action(async (name: string | undefined) => {
      exit = (await import('./schema.ts')).runSchema(name);
    });

  root
    .command('completion')
    .description('Print the completion script of a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell: string) => {
      exit = (await import('./completion.ts')).runCompletion(shell, buildProgram(name).root);
    });

  const all = withCommandsOf(root);
  for (const command of all) command.exitOverride().configureOutput({ outputError: () => undefined });
  const redirectable = new Set(all.filter(answers));
  for (const command of redirectable) command.option(...OUTPUT);
  root.hook('preAction', (_root, command) => {
    const { output } = command.optsWithGlobals<{ output?: string }>();
    if (output === undefined || !redirectable.has(command)) return;
    if (output === '') throw new CastellanError('CAS_USAGE', '--output names no file');
    stdout.redirect(output);
  });
  return {
    root,
    async run(argv) {
      try {
        if (argv.length === 0) {
          root.outputHelp();
          return 0;
        }
        // They took it over from the word before them, which tells of unknown commands itself.
        for (const { commands } of root.commands) for (const command of commands) command.allowExcessArguments(false);
        await root.parseAsync([...argv], { from: 'user' });
        stdout.place();
      } catch (error) {
        stdout.abandon();
        if (!(error instanceof CommanderError)) throw error;
        if (error.exitCode === 0) return 0;
        throw new CastellanError('CAS_USAGE', error.message.replace(/^error: /, ''));
      }
      return exit;
    },
  };
}

/** What every command takes that answers on standard output. */
const OUTPUT = ['-o, --output <file>', 'write it there: whole, or nothing where something goes wrong'] as const;

/** Whether it says something itself, and has no file of its own kind to write. */
function answers(command: Command): boolean {
  const hasOwn = command.options.some(({ long }) => long === '--output');
  return !hasOwn && (command.commands.length === 0 || command.registeredArguments.length > 0);
}

function withCommandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap((one) => withCommandsOf(one))];
}

/** For commands that only lead to others. */
function needsCommand(command: Command, given: string | undefined): CastellanError {
  const names = command.commands.map((one) => one.name()).join(', ');
  const own = command.name();
  return new CastellanError('CAS_USAGE', given === undefined ? `${own} needs one of ${names}` : `there is no command "${own} ${given}"`, {
    remedy: `The commands are: ${names}.`,
  });
}

/** Of commands that prove what changes do. */
function proofOptions(command: Command): Command {
  return evidenceOptions(clusterOptions(command))
    .option(...CONFIG)
    .option(...API_SERVER)
    .option(...NODES);
}

/** What the input tells only sometimes. */
const API_SERVER = ['--api-server <address>', 'where pods find the API server, with its port: 10.0.0.1:6443', collect] as const;
const NODES = ['--nodes <range>', 'the addresses of the nodes: 10.0.0.0/24', collect] as const;

/** Helm and GitOps write what stands there. */
const SOURCE = [
  '--source <path...>',
  'where objects of the cluster come from, to be changed there: charts, kustomizations, manifests',
] as const;

/** Records that are kept, such as that of the example, prove something of the days after their end. */
const DAY = ['--on <day>', 'prove for this day, as if the input were of then; today where left out'] as const;

/** What changes of nodes are made from. */
const NODE_FACTS = ['--node-facts <file...>', 'also nodes, from what node collect wrote on them'] as const;

/** The project's file: exceptions, options of rules, and what people say of use that no record shows. */
const CONFIG = ['--config <file>', 'exceptions, options and attestations; .castellan.yaml of the current folder where left out'] as const;

/** What tells of recorded use. */
function evidenceOptions(command: Command): Command {
  return replayOptions(useOptions(command));
}

/** What tells of requests that were made. */
function useOptions(command: Command): Command {
  return command
    .option('--record <file>', 'a record of use, as castellan record add makes it')
    .option('--audit <file>', 'an audit log, for this run', collect);
}

/** Beside these: what a replay asks more. */
function replayOptions(command: Command): Command {
  return command
    .option('--flows <file>', 'a log of connections, for this run', collect)
    .option('--audit-policy <file>', 'the audit policy by which the log was written')
    .option('--servers <number>', 'how many API servers there are, where the input does not tell');
}

/** What every command that judges takes. */
function scanOptions(command: Command): Command {
  command
    .option('--only <rules>', 'run only these rules', collect)
    .option('--rules <file>', 'also run the rules of this .mjs or .ts file', collect)
    .option(...CONFIG)
    .option('--kubernetes-version <version>', 'judge for this release')
    .option(
      '--benchmark <id>',
      'judge against this benchmark alone, with a status for every control; castellan rules --benchmark list names them',
    )
    .option('--node-facts <file...>', 'also judge nodes, from what node collect wrote on them')
    .option('--cloud <file>', 'also judge what was chosen at the provider, from its description of an EKS, AKS or GKE cluster')
    .option('--probe <file>', 'also judge ports, from what probe -f json wrote');
  return clusterOptions(useOptions(command));
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

/** What nobody can see in the objects, and what the attack graph takes for granted otherwise. */
function graphOptions(command: Command): Command {
  return command
    .option('--unsure', 'also ways that depend on where pods may run, on exploits, or on what is not known')
    .option('--exploitable <containers>', 'containers that can be taken over through their ports', collect)
    .option('--pod-security <level>', 'enforced where a namespace has no label: privileged, baseline or restricted')
    .option('--no-network-policies', 'the network plug-in does not enforce NetworkPolicy')
    .option('--kubernetes-version <version>', 'judge for this release')
    .option('--strict', 'exit 4 when part of the input was not read')
    .option('-q, --quiet', 'nothing on standard error');
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

/** Of commands that read a cluster, as kubectl has them. */
function clusterOptions(command: Command): Command {
  return connectionOptions(command)
    .option('-n, --namespace <namespace>', 'of a cluster read only this namespace', collect)
    .option('-A, --all-namespaces', 'of a cluster read all namespaces, which is what happens without -n');
}

function connectionOptions(command: Command): Command {
  return command
    .option('--context <name>', 'the context of the kubeconfig to read; the current one where left out')
    .option('--kubeconfig <file>', 'the kubeconfig; $KUBECONFIG or ~/.kube/config where left out')
    .option('--as <user>', 'read the cluster as this user')
    .option('--as-group <group>', 'and as a member of this group', collect)
    .option('--request-timeout <duration>', 'of a single request to the cluster: 30s, 1m30s');
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
