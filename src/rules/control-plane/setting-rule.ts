/** The form of a rule about a setting that is a flag of the kubelet or kube-proxy and a field of its file. */
import {
  type CommandLine,
  type ComponentName,
  type FlagUse,
  settingOf,
  type ConfigKind,
  configOf,
  hasConfig,
  type Process,
  processesOf,
} from '../../engines/command-line/index.ts';
import type { ApiObject, BodyOf, Kind, Workloads } from '../../model/index.ts';
import { concatPath, segmentsOf, valueAt } from '../../lib/field-path.ts';
import type { Severity } from '../finding.ts';
import { type Examples, type Hit, type Rule, type RuleHeader, defineRule } from '../rule.ts';
import { missing, toHit, wrongValue } from './faults.ts';

type Value = string | number | boolean | readonly string[] | undefined;

/** Why a value is wrong: words after it, such as `, which is no limit`. */
interface Wrong {
  because?: string;
  severity?: Severity;
  status?: 'manual';
}

interface Common extends Omit<RuleHeader, 'area'> {
  flag: string;
  /** The use of the flag that holds, where it is not simply the last one. */
  use?: (line: CommandLine) => FlagUse | undefined;
  field: string;
  /** Fields from which the value is made beside that one. */
  others?: readonly string[];
  /** The value where neither names one: without a file, and in a file. Undefined where there is none. */
  byDefault: { flag?: string; file?: string };
  wrong: (value: string | undefined) => Wrong | undefined;
  /** The value that needs no choice. */
  mend?: string | number | boolean;
  examples: () => Examples;
}
interface KubeletSetting extends Common {
  read: (config: BodyOf<'KubeletConfiguration'>) => Value;
}
interface ProxySetting extends Common {
  read: (config: BodyOf<'KubeProxyConfiguration'>) => Value;
}

const KINDS = [
  'Pod',
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
  'ConfigMap',
] as const satisfies readonly Kind[];
/** Flags that name files, whose fields are then as good as the command line. */
const FILES = ['--config', '--config-dir'];

export function kubeletRule({ read, ...common }: KubeletSetting): Rule {
  return settingRule(common, 'KubeletConfiguration', (object) => {
    const config = configOf(object, 'KubeletConfiguration');
    return config === undefined ? undefined : { path: config.path, value: read(config.body) };
  });
}

export function kubeProxyRule({ read, ...common }: ProxySetting): Rule {
  return settingRule(common, 'KubeProxyConfiguration', (object) => {
    const config = configOf(object, 'KubeProxyConfiguration');
    return config === undefined ? undefined : { path: config.path, value: read(config.body) };
  });
}

type Applies = (object: ApiObject, tables: { workloads: Workloads }) => boolean;

/** One function for all rules about a component: the judge asks it once for all of them. */
const APPLIES: Readonly<Record<ConfigKind, Applies>> = {
  KubeletConfiguration: configures('KubeletConfiguration', 'kubelet'),
  KubeProxyConfiguration: configures('KubeProxyConfiguration', 'kube-proxy'),
};

function configures(kind: ConfigKind, component: ComponentName): Applies {
  return (object, { workloads }) =>
    configOf(object, kind) !== undefined ||
    processesOf(workloads)
      .get(object)
      ?.some(({ line }) => line.component === component) === true;
}

type Reader = (object: ApiObject) => { path: string; value: Value } | undefined;

function settingRule(common: Common, kind: ConfigKind, reader: Reader): Rule {
  const { flag, use, field, others = [], byDefault, wrong, mend, ...header } = common;
  const component = kind === 'KubeletConfiguration' ? 'kubelet' : 'kube-proxy';
  return defineRule({
    ...header,
    component,
    area: 'control-plane',
    scope: 'object',
    kinds: [...KINDS, kind],
    reads: ['workloads', 'ConfigMap', 'KubeletConfiguration', 'KubeProxyConfiguration'],
    applies: APPLIES[kind],
    check(object, { workloads, ConfigMap, ...files }) {
      const config = reader(object);
      if (config !== undefined) return judgeFile(config.path, config.value) ?? (config.path === '' ? refused(object) : undefined);
      const hits: Hit[] = [];
      for (const process of processesOf(workloads).get(object) ?? []) {
        if (process.line.component !== component) continue;
        const inFile = FILES.some((name) => settingOf(process.line, name) !== undefined);
        const hit = judgeProcess(process, inFile, () => hasConfig(kind, files[kind], ConfigMap));
        if (hit !== undefined) hits.push(hit);
      }
      return hits;
    },
    shown(object, { workloads }) {
      const config = reader(object);
      if (config !== undefined) return shownInFile(config, valueAt(object.body, segmentsOf(field)));
      for (const { container, line } of processesOf(workloads).get(object) ?? []) {
        if (line.component !== component) continue;
        const inFile = FILES.some((name) => settingOf(line, name) !== undefined);
        const given = usedBy(line, inFile);
        if (given === undefined ? inFile : given.opaque) continue;
        const words =
          given === undefined ? `runs without ${flag}${defaultWords(byDefault.flag)}` : `runs with ${given.flag}=${given.value}`;
        const hit = toHit(container, line, { words, use: given });
        return { ...hit, path: concatPath(container.path, hit.path) };
      }
      return undefined;
    },
  });

  /** kube-proxy takes either a file or flags. */
  function usedBy(line: CommandLine, inFile: boolean): FlagUse | undefined {
    if (inFile && component === 'kube-proxy') return undefined;
    return use === undefined ? settingOf(line, flag) : use(line);
  }

  /** `written`: what stands at the field itself, where the answer is made from more. */
  function shownInFile({ path, value }: { path: string; value: Value }, written: unknown): Hit {
    const text = textOf(value);
    const at = path === '' ? field : path;
    if (text === undefined) return { message: `${kind} leaves out ${field}${defaultWords(byDefault.file)}`, path: at, value: undefined };
    if (path !== '') return { message: `${kind} sets ${field} to ${text}`, path, value: `${field}: ${text}` };
    const does =
      written === undefined
        ? `leaves out ${field}: ${text}`
        : isSame(written, text)
          ? `sets ${field} to ${text || 'nothing'}`
          : `sets ${field}: ${text}`;
    return { message: `${kind} ${does}`, path: at, value: written };
  }

  /** The component takes no text for a number or a truth: it does not start with such a file, so what runs is not known. */
  function refused({ misfits }: ApiObject): Hit | undefined {
    const misfit = misfits.find(({ path }) => [field, ...others].some((one) => isWithin(path, one) || isWithin(one, path)));
    if (misfit === undefined) return undefined;
    const { path, expected, value } = misfit;
    const message = `${kind} sets ${path} to ${JSON.stringify(value)}, where ${component} takes a value of type ${expected} alone: it refuses the file, so what it runs with is not known`;
    return { message, path, value, status: 'unknown' };
  }

  function judgeFile(path: string, value: Value): Hit | undefined {
    const text = textOf(value);
    const verdict = wrong(text ?? byDefault.file);
    if (verdict === undefined) return undefined;
    const { because = '', ...more } = verdict;
    const words =
      text === undefined
        ? `leaves out ${field}${defaultWords(byDefault.file)}`
        : `sets ${field} to ${text === '' ? 'nothing' : text}${because}`;
    const hit: Hit = { message: `${kind} ${words}`, path: path === '' ? field : path, ...more };
    if (path !== '') hit.value = text === undefined ? undefined : `${field}: ${text}`;
    else if (mend !== undefined) hit.fix = [{ set: field, value: mend }];
    return hit;
  }

  function judgeProcess({ container, line }: Process, inFile: boolean, fileIsSeen: () => boolean): Hit | undefined {
    const given = usedBy(line, inFile);
    if (given === undefined && inFile && fileIsSeen()) return undefined;
    const verdict = given?.opaque === true ? {} : wrong(given?.value ?? byDefault.flag);
    const hidden = inFile
      ? `its settings may be in ${FILES.map((name) => settingOf(line, name)?.value).find((file) => file !== undefined)}`
      : line.hidden;
    if (given === undefined && hidden !== undefined) return placed(toHit(container, line, missing({ ...line, hidden }, flag)));
    if (verdict === undefined) return undefined;
    const { because = '', ...more } = verdict;
    const set = mend === undefined ? {} : { mend: { flag, value: String(mend) } };
    if (given !== undefined) return placed(toHit(container, line, wrongValue(given, { ...more, ...set }, because)));
    const words = byDefault.flag === undefined ? {} : { because: `it is ${byDefault.flag} by default` };
    return placed(toHit(container, line, missing(line, flag, { ...more, ...set, ...words })));

    /** The paths of a container's hit as paths of the object. */
    function placed(hit: Hit): Hit {
      const fix = hit.fix?.map((edit) => ('set' in edit ? { set: concatPath(container.path, edit.set), value: edit.value } : edit));
      return { ...hit, path: concatPath(container.path, hit.path), key: container.name, ...(fix === undefined ? {} : { fix }) };
    }
  }
}

/** Whether a field is the other one or a part of it. */
function isWithin(path: string, whole: string): boolean {
  return path === whole || path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`);
}

function isSame(written: unknown, text: string): boolean {
  return String(written) === text;
}

function defaultWords(value: string | undefined): string {
  return value === undefined ? '' : `, which is ${value} by default`;
}

function textOf(value: Value): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'object' ? value.join(',') : String(value);
}
