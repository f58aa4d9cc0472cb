/** `castellan baseline`: writes down what is known today, so that a gate looks only at what is new. */
import { CastellanError } from '../lib/errors.ts';
import { FileSink, stdout } from '../lib/sink.ts';
import { collectManifests } from '../collect/manifests/index.ts';
import { buildCluster } from '../model/index.ts';
import { Exceptions, type Finding, baselineText, judge } from '../rules/index.ts';
import { loadConfig, loadRules } from './inputs.ts';

interface BaselineFlags {
  output?: string;
  rules?: string[];
  config?: string;
  kubernetesVersion?: string;
}

export async function runBaseline(paths: readonly string[], flags: BaselineFlags): Promise<number> {
  if (paths.length === 0) throw new CastellanError('CAS_NO_INPUT', 'nothing was named to scan');
  const rules = await loadRules(flags.rules ?? []);
  const config = loadConfig(flags.config, rules);
  const exceptions = new Exceptions(config.exceptions, new Date().toISOString().slice(0, 10));
  const findings: Finding[] = [];
  const snapshot = await collectManifests(paths, flags.kubernetesVersion === undefined ? {} : { kubernetesVersion: flags.kubernetesVersion });
  const disabled = new Set(config.disabled.map(({ rule }) => rule));
  const running = rules.filter((rule) => !disabled.has(rule.id));
  judge(buildCluster(snapshot), { rules: running, ruleOptions: config.ruleOptions }, (finding) => {
    exceptions.apply(finding);
    findings.push(finding);
  });
  const sink = flags.output === undefined ? stdout : new FileSink(flags.output);
  sink.write(baselineText(findings));
  sink.end();
  if (flags.output !== undefined) process.stderr.write(`${findings.filter((finding) => finding.status === 'fail').length} findings written to ${flags.output}\n`);
  return 0;
}
