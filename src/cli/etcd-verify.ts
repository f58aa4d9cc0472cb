/** `castellan etcd verify FILE`: is it whole, what is in it, and are Secrets encrypted? */
import { createColors } from 'picocolors';
import { type EtcdDatabase, readEtcdDatabase, restoreEtcd } from '../collect/etcd/index.ts';
import { type EncryptionConfiguration, parseEncryptionConfiguration } from '../engines/encryption/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { parseYaml } from '../lib/yaml.ts';
import { type EtcdReport, etcdDocument, etcdTable } from '../report/etcd/index.ts';
import { etcdReport } from './etcd-report.ts';
import { readText } from './read-text.ts';
import { interruptible } from './interruption.ts';
import { screenOf } from './outputs.ts';

export interface EtcdVerifyFlags {
  format?: string;
  failOn?: string;
  encryptionConfig?: string;
  prefix?: string;
  restoreCheck?: boolean;
  etcd?: string;
  color?: boolean;
}

export async function runEtcdVerify(path: string, flags: EtcdVerifyFlags): Promise<number> {
  check(flags);
  const configuration = flags.encryptionConfig === undefined ? undefined : configurationIn(flags.encryptionConfig);
  const database = readEtcdDatabase(path, flags.prefix);
  if (flags.prefix !== undefined && database.objects.keys > 0 && database.objects.resources.size === 0)
    throw new CastellanError('CAS_USAGE', `no key of ${path} begins with ${flags.prefix}`, {
      remedy: 'Without --prefix it is found by itself.',
    });
  const read = etcdReport(database, configuration);
  const report = flags.restoreCheck === true && read.intact ? await restored(path, read, flags) : read;
  write(path, report, flags);
  if (!report.intact) throw damage(path, database);
  if (report.restore?.agrees === false) throw new CastellanError('CAS_RESTORE', `etcd reads something else from ${path} than Castellan`);
  return flags.failOn === 'plain' && hasPlain(report) ? 1 : 0;
}

async function restored(path: string, report: EtcdReport, { etcd }: EtcdVerifyFlags): Promise<EtcdReport> {
  const isRaw = report.integrity.checksum !== 'matches';
  const found = await interruptible({ message: 'the check of a restore was interrupted', remedy: 'Run the command again.' }, (signal) =>
    restoreEtcd(path, { etcd, isRaw, signal }),
  );
  return { ...report, restore: { ...found, agrees: found.revision === report.revision && found.keys === report.keys } };
}

function check({ format = 'table', failOn, etcd, restoreCheck }: EtcdVerifyFlags): void {
  if (format !== 'table' && format !== 'json')
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `etcd verify has no format "${format}"`, { remedy: 'The formats are: table, json.' });
  if (failOn !== undefined && failOn !== 'plain')
    throw new CastellanError('CAS_USAGE', `--fail-on cannot be "${failOn}"`, { remedy: 'It can be: plain.' });
  if (etcd !== undefined && restoreCheck !== true) throw new CastellanError('CAS_USAGE', '--etcd is for --restore-check');
}

function configurationIn(path: string): EncryptionConfiguration {
  const read = parseYaml(readText(path), true);
  const parsed = 'error' in read ? { fault: read.error.reason } : parseEncryptionConfiguration(read.value);
  if ('configuration' in parsed) return parsed.configuration;
  throw new CastellanError('CAS_ENCRYPTION_CONFIG', `${path}: ${parsed.fault}`);
}

function write(path: string, report: EtcdReport, flags: EtcdVerifyFlags): void {
  const colors = createColors(screenOf(flags).color);
  stdout.write(flags.format === 'json' ? etcdDocument(report) : etcdTable(path, report, colors));
  stdout.end();
}

/** Secrets count also where a configuration leaves them out. */
function hasPlain({ plain, resources }: EtcdReport): boolean {
  return plain.length > 0 || (resources.secrets?.plain ?? 0) > 0;
}

function damage(path: string, { isEtcd, problems }: EtcdDatabase): CastellanError {
  const first = problems.kept[0]?.message ?? '';
  return isEtcd
    ? new CastellanError('CAS_ETCD_DAMAGED', `${path} is damaged: ${first}`)
    : new CastellanError('CAS_NOT_ETCD', `${path} is no database of etcd: ${first}`);
}
