/** What a scan takes besides manifests: the configuration, a baseline, rules of one's own. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CastellanError, messageOf } from '../lib/errors.ts';
import { Baseline, type Config, EMPTY_CONFIG, RULES, type Rule, defineRule, parseConfig } from '../rules/index.ts';

const NO_EXAMPLES = { examples: () => ({ good: [], bad: [] }) };
const DEFAULT_CONFIG = '.castellan.yaml';

/** The file that is named, else `.castellan.yaml` of the current folder; never one found in the scanned tree. */
export function loadConfig(file: string | undefined, rules: readonly Rule[]): Config {
  const path = file ?? (existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : undefined);
  if (path === undefined) return EMPTY_CONFIG;
  return parseConfig(readText(path), path, new Set(rules.map((rule) => rule.id)));
}

export function loadBaseline(file: string): Baseline {
  return Baseline.parse(readText(file), file);
}

/** The built-in rules and those of the files that the user names. Code is loaded from nowhere else. */
export async function loadRules(files: readonly string[]): Promise<readonly Rule[]> {
  if (files.length === 0) return RULES;
  const rules = [...RULES];
  for (const file of files) {
    for (const rule of await rulesOf(file)) {
      if (rules.some((other) => other.id === rule.id)) throw new CastellanError('CAS_RULES_FILE', `${file}: the id "${rule.id}" is taken`);
      rules.push(rule);
    }
  }
  return rules;
}

async function rulesOf(file: string): Promise<Rule[]> {
  if (!existsSync(file)) throw new CastellanError('CAS_NOT_FOUND', `there is no file "${file}"`);
  let exported: Record<string, unknown>;
  try {
    exported = (await import(/* the user named this file */ pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
  } catch (error) {
    const hint = /Unknown file extension "\.ts"/.test(messageOf(error)) ? ' (TypeScript needs Node 22.18 or newer; name an .mjs file instead)' : '';
    throw new CastellanError('CAS_RULES_FILE', `${file} could not be loaded: ${messageOf(error)}${hint}`, { cause: error });
  }
  const rules = Object.values(exported).flat().filter(isRule).map((rule) => defineRule({ ...NO_EXAMPLES, ...rule } as Parameters<typeof defineRule>[0]));
  if (rules.length === 0) throw new CastellanError('CAS_RULES_FILE', `${file} exports no rule`);
  return rules;
}

/** A plain object does: a file of one's own need not import anything. */
function isRule(value: unknown): value is Rule {
  if (typeof value !== 'object' || value === null) return false;
  const rule = value as Partial<Rule>;
  return typeof rule.id === 'string' && typeof rule.check === 'function' && typeof rule.scope === 'string' && Array.isArray(rule.controls);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    throw new CastellanError(code === 'ENOENT' ? 'CAS_NOT_FOUND' : 'CAS_UNREADABLE', `${path} could not be read (${code})`, { cause: error });
  }
}
