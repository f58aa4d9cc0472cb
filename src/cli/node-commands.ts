/** Commands about nodes, their ports, and how API servers tell who asks. */
import type { Command } from 'commander';
import { type Ending, collect, connectionOptions, needsCommand } from './command-options.ts';

export function nodeCommands(root: Command, ending: Ending): void {
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
      ending.exit = (await import('./node-collect.ts')).runNodeCollect(flags);
    });
  node
    .command('manifest')
    .description('Print the Jobs that collect the facts of nodes: the disk of the node read-only, no account, no network of the node')
    .option('--node <name>', 'a node; may be given several times, or several with commas', collect)
    .option('--image <image>', 'an image that has castellan')
    .option('--image-pull-secret <name>', 'the Secret for it, in the namespace of the Jobs')
    .option('-n, --namespace <namespace>', 'where the Jobs run; castellan-nodes where left out')
    .action(async (flags) => {
      ending.exit = (await import('./node-manifest.ts')).runNodeManifest(flags);
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
      ending.exit = await (await import('./probe.ts')).runProbe(paths, flags);
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
      ending.exit = await (await import('./authn.ts')).runAuthn(paths, flags);
    });
}
