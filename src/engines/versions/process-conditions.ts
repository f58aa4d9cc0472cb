/** Conditions of how components are started. */
import { type CommandLine, commandLineOf, gateOf, listOf, parseBoolean, parseInteger, settingOf } from '../command-line/index.ts';
import { settingsOfNodes } from '../component-config/index.ts';
import { type ConditionTables, type Evidence, type Judged, type Question } from './condition.ts';

interface Seen {
  line: CommandLine;
  evidence: Evidence;
}

/** The command lines of a component, where the input shows them: what was collected on a node counts more than the pod that stands for it. */
function linesOf(tables: ConditionTables, component: string): Seen[] {
  const collected = settingsOfNodes(tables.collected).lines.filter(({ line }) => line.component === component);
  const nodes = new Set(collected.map(({ node }) => node));
  const inPods = tables.workloads.all.flatMap(({ containers, object, isMirrorPod, pod }) =>
    containers.flatMap((container) => {
      const line = container.type === 'init' || container.type === 'ephemeral' ? undefined : commandLineOf(container.spec);
      if (line?.component !== component || (isMirrorPod && nodes.has(pod.nodeName ?? ''))) return [];
      const path = `${container.path}.${line.list}`;
      return [{ line, evidence: { object, path } }];
    }),
  );
  return [...collected.map(({ line, object, path }) => ({ line, evidence: { object, path } })), ...inPods];
}

/** Judges each process by itself; the worst holds. */
function ofProcesses(
  tables: ConditionTables,
  component: string,
  { decides, judge }: { decides: string; judge: (line: CommandLine) => Judged },
): Judged {
  const seen = linesOf(tables, component);
  if (seen.length === 0) return { holds: 'unknown', because: `it depends on ${decides} of ${component}, whose flags are not in the input` };
  const all = seen.map(({ line, evidence }) => ({ ...judge(line), evidence: [evidence] }));
  return (
    all.find(({ holds }) => holds === 'yes') ?? all.find(({ holds }) => holds === 'unknown') ?? all[0] ?? { holds: 'unknown', because: '' }
  );
}

export function logLevel({ component, tables, argument }: Question): Judged {
  const least = Number(argument);
  return ofProcesses(tables, component, {
    decides: `--v (${argument} or more)`,
    judge(line) {
      const use = settingOf(line, '--v') ?? settingOf(line, '-v');
      if (use === undefined && line.hidden !== undefined) return { holds: 'unknown', because: `--v decides, and ${line.hidden}` };
      const level = use === undefined ? 0 : parseInteger(use.value);
      if (level === undefined || use?.opaque === true) return { holds: 'unknown', because: '--v decides, and its value is not shown' };
      return level >= least ? { holds: 'yes', because: `--v is ${level}` } : { holds: 'no', because: `--v is ${level}, below ${least}` };
    },
  });
}

/** `COMPONENT:--flag=item` */
function partsOf(argument: string): { component: string; flag: string; item: string } {
  const [, component = '', flag = '', item = ''] = /^([^:]*):(--[^=]*)=(.*)$/.exec(argument) ?? [];
  return { component, flag, item };
}

export function flagNames({ tables, argument }: Question): Judged {
  const { component, flag, item } = partsOf(argument);
  return ofProcesses(tables, component, {
    decides: flag,
    judge(line) {
      const list = listOf(line, flag);
      if (list?.items.includes(item) === true) return { holds: 'yes', because: `${flag} names ${item}` };
      if (list?.opaque === true || (list === undefined && line.hidden !== undefined))
        return { holds: 'unknown', because: `${flag} is not shown` };
      return { holds: 'no', because: `${flag} does not name ${item}` };
    },
  });
}

export function flagDoesNotName(question: Question): Judged {
  const named = flagNames(question);
  const { holds } = named;
  return holds === 'unknown' ? named : { ...named, holds: holds === 'yes' ? 'no' : 'yes' };
}

/** What the server itself tells, then the flags; a gate that nobody names is off here. */
export function featureGate({ tables, argument }: Question): Judged {
  const told = tables.kubernetes.features?.[argument];
  if (told !== undefined)
    return told.enabled
      ? { holds: 'yes', because: `the feature gate ${argument} is on` }
      : { holds: 'no', because: `the feature gate ${argument} is off` };
  return ofProcesses(tables, 'kube-apiserver', {
    decides: `--feature-gates (${argument})`,
    judge(line) {
      const gate = gateOf(line, argument);
      if (gate?.on === true) return { holds: 'yes', because: `the feature gate ${argument} is on` };
      if (gate === undefined && line.hidden !== undefined)
        return { holds: 'unknown', because: `--feature-gates decides, and ${line.hidden}` };
      return { holds: 'no', because: `the feature gate ${argument} is off` };
    },
  });
}

export function webhookRedirect({ tables }: Question): Judged {
  return ofProcesses(tables, 'kube-apiserver', {
    decides: '--profiling and --v',
    judge(line) {
      const level = parseInteger(settingOf(line, '--v')?.value ?? '0');
      const profiling = settingOf(line, '--profiling');
      if (level === undefined || profiling?.opaque === true) return { holds: 'unknown', because: '--v and --profiling decide' };
      if (level >= 10) return { holds: 'yes', because: `--v is ${level}` };
      if (profiling !== undefined && parseBoolean(profiling.value) === false)
        return { holds: 'no', because: `--v is ${level} and --profiling is false` };
      if (line.hidden !== undefined && profiling === undefined)
        return { holds: 'unknown', because: `--profiling decides, and ${line.hidden}` };
      return { holds: 'yes', because: 'profiling is on, so the log level can be raised while it runs' };
    },
  });
}
