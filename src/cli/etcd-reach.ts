/** `castellan etcd reach`: who can open a connection to etcd, and who comes to what it holds. */
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { etcdReachDocument, etcdReachTable, ownBackupsOn } from '../report/etcd/index.ts';
import { loadNodeFacts } from './node-facts.ts';
import { strictExit } from './net-gaps.ts';
import { type GraphFlags, classesOf, readGraph } from './paths-input.ts';

export interface EtcdReachFlags extends GraphFlags {
  from?: string;
  all?: boolean;
}

export async function runEtcdReach(paths: readonly string[], flags: EtcdReachFlags): Promise<number> {
  const { format = 'table' } = flags;
  if (format !== 'table' && format !== 'json')
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `etcd reach has no format "${format}"`, { remedy: 'The formats are: table, json.' });
  const own = ownBackupsOn(loadNodeFacts(flags.nodeFacts ?? []).nodes);
  const etcdBackups = own.found.flatMap(({ place }) => place ?? []);
  const { graph, gaps } = await readGraph(paths, flags, { etcdPort: true, etcdBackups });
  const document = etcdReachDocument(graph, { from: flags.from, classes: classesOf(flags), gaps, own });
  stdout.write(format === 'json' ? `${JSON.stringify(document)}\n` : etcdReachTable(document, flags.all === true));
  stdout.end();
  return strictExit(flags, gaps.length > 0 ? { gaps } : {});
}
