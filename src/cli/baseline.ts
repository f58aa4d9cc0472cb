/** `castellan baseline`: writes down what is known today, so that a gate looks only at what is new. */
import { CastellanError } from '../lib/errors.ts';
import { FileSink, stdout } from '../lib/sink.ts';
import { plural, printable } from '../lib/terminal.ts';
import { collectManifests } from '../collect/manifests/index.ts';
import { buildCluster } from '../model/index.ts';
import { Exceptions, type Finding, baselineText, judge } from '../rules/index.ts';
import { chooseRules, loadConfig, loadRules, versionOf } from './inputs.ts';
import { nothingIn } from './scan.ts';

interface BaselineFlags {
  output?: string;
  rules?: string[];
  only?: string[];
  config?: string;
  kubernetesVersion?: string;
}

export async function runBaseline(paths: readonly string[], flags: BaselineFlags): Promise<number> {
  if (paths.length === 0) throw new CastellanError('CAS_NO_INPUT', 'nothing was named to scan');
  const kubernetesVersion = versionOf(flags.kubernetesVersion);
  const rules = chooseRules(await loadRules(flags.rules ?? []), flags.only ?? []);
  const config = loadConfig(flags.config, rules.all);
  const exceptions = new Exceptions(config.exceptions, new Date().toISOString().slice(0, 10));
  const findings: Finding[] = [];
  const snapshot = await collectManifests(paths, kubernetesVersion === undefined ? {} : { kubernetesVersion });
  if (snapshot.objects.length === 0) throw nothingIn(paths, snapshot);
  const sink = flags.output === undefined ? stdout : new FileSink(flags.output);
  try {
    const disabled = new Set(config.disabled.map(({ rule }) => rule));
    const running = rules.chosen.filter((rule) => !disabled.has(rule.id));
    const { gaps } = judge(buildCluster(snapshot), { rules: running, ruleOptions: config.ruleOptions }, (finding) => {
      exceptions.apply(finding);
      findings.push(finding);
    });
    sink.write(baselineText(findings));
    sink.end();
    // What could not be judged is not in the baseline either, and will be new when it can.
    const unread = snapshot.gaps.length + gaps.length;
    if (unread > 0)
      process.stderr.write(`castellan: ${plural(unread, 'gap')}: parts of the input were not judged (castellan scan --gaps lists them)\n`);
  } catch (error) {
    sink.abandon();
    throw error;
  }
  const written = findings.filter((finding) => finding.status === 'fail').length;
  if (flags.output !== undefined) process.stderr.write(`${plural(written, 'finding')} written to ${printable(flags.output)}\n`);
  return 0;
}
