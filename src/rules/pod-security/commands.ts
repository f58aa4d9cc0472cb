/** What a command line of a manifest starts: the program itself, and those that a shell is told to start. */

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh', 'busybox']);
/** Programs that start the one named after them. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'exec',
  'env',
  'nohup',
  'timeout',
  'tini',
  'dumb-init',
  'time',
  'command',
  'then',
  'do',
  'else',
  'if',
  'while',
  'until',
  '!',
  '{',
  '--',
]);

const ASSIGNMENT = /^\w+=/;
/** The argument of `timeout`. */
const DURATION = /^\d+[smh]?$/;

/** Quoted text, but for what a shell still carries out in double quotes. */
const QUOTED = /'[^']*'|"[^"$`]*"/g;
const COMMENT = /(?<=^|\s)#[^\n]*/g;

/** Longer than any script that people write into a manifest; what stands beyond is not looked at. */
const LONGEST_SCRIPT = 100_000;

/** Base names of the programs that a command line starts, in order. */
export function programsOf(command: readonly string[]): string[] {
  const programs: string[] = [];
  for (let index = 0; index < command.length; index += 1) {
    const name = baseName(firstWord(command[index] ?? ''));
    programs.push(name);
    if (WRAPPERS.has(name)) continue;
    const script = SHELLS.has(name) ? scriptOf(command, index + 1) : undefined;
    if (script !== undefined) addProgramsOf(script, programs);
    break;
  }
  return programs;
}

/** What follows the option `-c`, alone (`-c`) or with others (`-ec`). */
function scriptOf(args: readonly string[], from: number): string | undefined {
  for (let index = from; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    // `busybox sh -c …`
    if (SHELLS.has(arg)) continue;
    if (!arg.startsWith('-')) return undefined;
    if (!arg.startsWith('--') && arg.endsWith('c')) return args[index + 1];
  }
  return undefined;
}

function addProgramsOf(script: string, programs: string[]): void {
  const text = script.slice(0, LONGEST_SCRIPT).replaceAll('\\\n', ' ').replace(QUOTED, '_').replace(COMMENT, '');
  for (const statement of text.split(/[;&|\n()`]+/)) {
    const program = firstProgram(statement);
    if (program !== undefined) programs.push(program);
  }
}

/** The first word that is neither an assignment, an option, nor a wrapper. */
function firstProgram(statement: string): string | undefined {
  for (const word of statement.trim().split(/\s+/)) {
    if (word === '' || word.startsWith('-') || ASSIGNMENT.test(word) || DURATION.test(word)) continue;
    if (!WRAPPERS.has(baseName(word))) return baseName(word);
  }
  return undefined;
}

/** A whole command line as one word starts nothing, yet it says what its author meant. */
function firstWord(text: string): string {
  const blank = text.indexOf(' ');
  return blank < 0 ? text : text.slice(0, blank);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
