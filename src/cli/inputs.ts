/** What a scan takes besides manifests: the configuration, a baseline, rules of one's own. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CastellanError, messageOf } from '../lib/errors.ts';
import { isRecord } from '../model/index.ts';
import { Baseline, type Config, EMPTY_CONFIG, RULES, type Rule, parseConfig } from '../rules/index.ts';
import { ownRule } from './own-rule.ts';
import { readText } from './read-text.ts';

const DEFAULT_CONFIG = '.castellan.yaml';

/** The file that is named, else `.castellan.yaml` of the current folder; never one found in the scanned tree. */
export function loadConfig(file: string | undefined, rules: readonly Rule[]): Config {
  const path = file ?? (existsSync(DEFAULT_CONFIG) ? DEFAULT_CONFIG : undefined);
  if (path === undefined) return EMPTY_CONFIG;
  return parseConfig(readText(path), path, rules);
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
    const hint = /Unknown file extension "\.ts"/.test(messageOf(error))
      ? ' (TypeScript needs Node 22.18 or newer; name an .mjs file instead)'
      : '';
    throw new CastellanError('CAS_RULES_FILE', `${file} could not be loaded: ${messageOf(error)}${hint}`, { cause: error });
  }
  const rules = Object.values(exported)
    .flat()
    .filter(looksLikeRule)
    .map((rule) => ownRule(rule, file));
  if (rules.length === 0) throw new CastellanError('CAS_RULES_FILE', `${file} exports no rule`);
  return rules;
}

/** Other things may be exported beside rules: helpers, constants. */
function looksLikeRule(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && typeof value.check === 'function';
}

/** `--only`: ids, also several with commas between them. */
export function chooseRules(all: readonly Rule[], only: readonly string[]): { all: readonly Rule[]; chosen: readonly Rule[] } {
  if (only.length === 0) return { all, chosen: all };
  const wanted = new Set(
    only
      .flatMap((ids) => ids.split(','))
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  );
  const known = new Set(all.map((rule) => rule.id));
  for (const id of wanted) if (!known.has(id)) throw new CastellanError('CAS_UNKNOWN_RULE', `there is no rule "${id}"`);
  return { all, chosen: all.filter((rule) => wanted.has(rule.id)) };
}
