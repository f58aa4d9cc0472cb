/** `castellan completion bash|zsh|fish`: made from the commands themselves, so that it cannot fall behind. */
import type { Command, Option } from 'commander';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { FORMATS } from '../report/index.ts';
import { SCHEMAS } from '../report/schemas/index.ts';
import { BENCHMARKS, FRAMEWORKS, RULES, SEVERITIES } from '../rules/index.ts';
import { ENGINE_NAMES } from './engines.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** The words that may follow an option or stand as a command's argument; undefined means files. */
function valuesOf(command: string, option: string | undefined): readonly string[] | undefined {
  switch (option ?? command) {
    case '--severity':
    case '--fail-on':
      return SEVERITIES;
    case '--format':
      if (command === 'versions') return ['table', 'json', 'markdown'];
      return command === 'rules' ? ['table', 'json'] : Object.keys(FORMATS);
    case '--only':
    case 'explain':
      return RULES.map((rule) => rule.id);
    case '--benchmark':
      return [...(command === 'rules' ? ['list'] : []), ...BENCHMARKS.map((benchmark) => benchmark.id)];
    case '--framework':
      return FRAMEWORKS.map((framework) => framework.id);
    case 'eval':
      return ENGINE_NAMES;
    case 'schema':
      return Object.keys(SCHEMAS);
    case 'completion':
      return SHELLS;
    default:
      return undefined;
  }
}

export function runCompletion(shell: string, root: Command): number {
  const writers: Record<(typeof SHELLS)[number], (root: Command) => string> = { bash, zsh, fish };
  const known = SHELLS.find((name) => name === shell);
  if (known === undefined)
    throw new CastellanError('CAS_USAGE', `there is no completion for "${shell}"`, { remedy: `The shells are: ${SHELLS.join(', ')}.` });
  stdout.write(writers[known](root));
  stdout.end();
  return 0;
}

function optionsOf(command: Command): readonly Option[] {
  return command.options.filter((option) => !option.hidden && option.long !== undefined && option.long !== null);
}

function subcommandsOf(command: Command): string[] {
  return command.commands.map((inner) => inner.name());
}

function bash(root: Command): string {
  const cases = root.commands.map((command) => {
    const options = optionsOf(command)
      .flatMap((option) => [option.short, option.long])
      .filter((flag) => flag !== undefined && flag !== null);
    const values = optionsOf(command)
      .map((option) => [option, valuesOf(command.name(), option.long ?? '')] as const)
      .filter(([, words]) => words !== undefined)
      .map(
        ([option, words]) =>
          `        ${[option.short, option.long].filter(Boolean).join('|')}) COMPREPLY=($(compgen -W "${words?.join(' ')}" -- "$cur")); return;;`,
      );
    const words = valuesOf(command.name(), undefined);
    return [
      `    ${command.name()})`,
      ...(values.length > 0 ? ['      case $prev in', ...values, '      esac'] : []),
      `      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "${options.join(' ')}" -- "$cur")); return; fi`,
      words === undefined
        ? `      COMPREPLY=($(compgen -f -- "$cur")${subcommandsOf(command)
            .map((name) => ` $(compgen -W ${name} -- "$cur")`)
            .join('')});;`
        : `      COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$cur"));;`,
    ].join('\n');
  });
  return `# castellan completion bash: source this file, or put it into bash_completion.d
_castellan() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W "${root.commands.map((command) => command.name()).join(' ')} --help --version" -- "$cur"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
}
complete -o filenames -F _castellan castellan
`;
}

function zsh(root: Command): string {
  const commands = root.commands.map((command) => `    ${quote(`${command.name()}:${command.description()}`)}`);
  const cases = root.commands.map((command) => {
    const options = optionsOf(command).map((option) => {
      const words = valuesOf(command.name(), option.long ?? '');
      const value = option.required ? (words === undefined ? ':file:_files' : `:value:(${words.join(' ')})`) : '';
      return quote(`*${option.long ?? ''}[${option.description.replaceAll(/[[\]:]/g, ' ')}]${value}`);
    });
    const words = valuesOf(command.name(), undefined);
    const rest = quote(words === undefined ? '*:file:_files' : `*:value:(${words.join(' ')})`);
    return `    ${command.name()}) _arguments -s ${[...options, rest].join(' ')} ;;`;
  });
  return `#compdef castellan
# castellan completion zsh: put this file into a folder of fpath as _castellan
_castellan() {
  local -a commands=(
${commands.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=\${words[2]}
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
_castellan "$@"
`;
}

function fish(root: Command): string {
  const lines = [
    '# castellan completion fish: put this file into ~/.config/fish/completions',
    'complete -c castellan -n __fish_use_subcommand -f',
  ];
  for (const command of root.commands) {
    const name = command.name();
    const inside = quote(`__fish_seen_subcommand_from ${name}`);
    lines.push(`complete -c castellan -n __fish_use_subcommand -a ${name} -d ${quote(command.description())}`);
    for (const option of optionsOf(command)) {
      const words = valuesOf(name, option.long ?? '');
      const short = option.short === undefined || option.short === null ? '' : ` -s ${option.short.slice(1)}`;
      const value = option.required ? (words === undefined ? ' -r -F' : ` -x -a ${quote(words.join(' '))}`) : '';
      lines.push(`complete -c castellan -n ${inside}${short} -l ${(option.long ?? '').slice(2)} -d ${quote(option.description)}${value}`);
    }
    for (const inner of command.commands)
      lines.push(`complete -c castellan -n ${inside} -a ${inner.name()} -d ${quote(inner.description())}`);
    const words = valuesOf(name, undefined);
    if (words !== undefined) lines.push(`complete -c castellan -n ${inside} -f -a ${quote(words.join(' '))}`);
  }
  return `${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
