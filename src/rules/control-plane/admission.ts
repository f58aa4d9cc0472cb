/** Which admission plugins an API server runs. */
import { type CommandLine, listOf } from '../../engines/command-line/index.ts';
import { type Fault, missing, wrongValue } from './faults.ts';
import { type Expectation, unseen } from './expectations.ts';
import { type ExpectationByRelease, isBefore } from './release.ts';

const ENABLE = '--enable-admission-plugins';
const DISABLE = '--disable-admission-plugins';
/** Before 1.10 the one list of all plugins, in their order; what it does not name is off. */
const OLD = '--admission-control';

/** A plugin that is off unless it is named. */
export function pluginOn(plugin: string): Expectation {
  return (line) => {
    const off = disabled(line, plugin);
    if (off !== undefined) return off;
    const list = listOf(line, ENABLE) ?? listOf(line, OLD);
    if (list === undefined) return missing(line, ENABLE, { because: `${plugin} is off by default`, mend: { flag: ENABLE, value: plugin } });
    if (list.items.includes(plugin)) return undefined;
    if (list.opaque) return wrongValue(list.use);
    const mend = { flag: list.use.flag, value: [...list.items, plugin].join(',') };
    return { words: `does not name ${plugin} in ${list.use.flag}`, use: list.use, mend };
  };
}

/**
 * A plugin that is on unless it is disabled. Before 1.10 nothing was on but what --admission-control named; what the
 * two flags of today name counts there too, as the server would not start with them.
 */
export function pluginNotOff(plugin: string): ExpectationByRelease {
  return (line, tables) => {
    const off = disabled(line, plugin);
    if (off !== undefined) return off;
    const old = listOf(line, OLD);
    if (old !== undefined && !old.items.includes(plugin)) {
      return old.opaque ? wrongValue(old.use) : { words: `does not name ${plugin} in ${OLD}, the list of all plugins`, use: old.use };
    }
    if (old === undefined && isBefore(10, line, tables) && listOf(line, ENABLE)?.items.includes(plugin) !== true)
      return missing(line, OLD, { because: `before Kubernetes 1.10 ${plugin} is off unless that list names it` });
    return line.uses.has(DISABLE) ? undefined : unseen(line, DISABLE);
  };
}

export function pluginAbsent(plugin: string): Expectation {
  return (line) => {
    const list = listOf(line, ENABLE) ?? listOf(line, OLD);
    if (list === undefined) return unseen(line, ENABLE);
    if (list.items.includes(plugin)) return { words: `enables the admission plugin ${plugin}`, use: list.useOf(plugin) };
    return list.opaque ? wrongValue(list.use) : undefined;
  };
}

/** Disabling wins over enabling. */
function disabled(line: CommandLine, plugin: string): Fault | undefined {
  const list = listOf(line, DISABLE);
  if (list === undefined) return undefined;
  if (list.items.includes(plugin)) return { words: `disables the admission plugin ${plugin}`, use: list.useOf(plugin) };
  return list.opaque ? wrongValue(list.use) : undefined;
}
