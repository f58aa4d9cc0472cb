/** `castellan node collect`: what a node is, into one file. */
import { collectNode } from '../collect/node/index.ts';
import { AtomicFile } from '../lib/atomic-file.ts';
import { CastellanError, messageOf } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { standardError } from '../lib/standard-error.ts';
import { plural, printable } from '../lib/terminal.ts';
import type { NodeFacts } from '../snapshot/index.ts';
import { VERSION } from './version.ts';

export interface NodeCollectFlags {
  root?: string;
  node?: string;
  output?: string;
  quiet?: boolean;
}

export function runNodeCollect({ root = '/', node, output, quiet }: NodeCollectFlags): number {
  if (node !== undefined && !/^[a-z0-9][a-z0-9.-]{0,252}$/.test(node))
    throw new CastellanError('CAS_USAGE', `--node takes the name of a Node, not "${node}"`);
  if (output === undefined && process.stdout.isTTY)
    throw new CastellanError('CAS_USAGE', 'node collect writes to a file', {
      remedy: 'Name it with -o FILE, or direct standard output elsewhere.',
    });
  const facts = collectNode({ root, version: VERSION, now: new Date(), ...(node !== undefined && { node }) });
  write(`${JSON.stringify(facts, null, 1)}\n`, output);
  if (quiet !== true)
    standardError.write(`castellan: ${summaryOf(facts)}${output === undefined ? '' : `, written to ${printable(output)}`}\n`);
  return 0;
}

/** The file tells how a machine may be attacked: nobody else needs to read it. */
function write(text: string, output: string | undefined): void {
  if (output === undefined || output === '-') {
    stdout.write(text);
    stdout.end();
    return;
  }
  let file: AtomicFile | undefined;
  try {
    file = new AtomicFile(output, 0o600);
    file.write(Buffer.from(text));
    file.close();
    file.place();
  } catch (error) {
    file?.abandon();
    throw new CastellanError('CAS_WRITE', `${output} could not be written: ${messageOf(error)}`, { cause: error });
  }
}

function summaryOf({ node, processes, files, certificates, sockets, gaps }: NodeFacts): string {
  const counts = [
    plural(processes.length, 'process', 'processes'),
    plural(files.length, 'file'),
    plural(certificates.length, 'certificate'),
    plural(sockets.length, 'socket'),
    plural(gaps.length, 'gap'),
  ];
  return printable(`node ${node}: ${counts.join(', ')}`);
}
