/** `-f FORMAT[=FILE]` and `-o FILE`: which writers write where. */
import { resolve } from 'node:path';
import { CastellanError } from '../lib/errors.ts';
import { FileSink, type TextSink, stdout } from '../lib/sink.ts';
import { FORMATS, type ReportWriter } from '../report/index.ts';

export interface OutputRequest {
  format: string;
  /** Undefined is standard output. */
  path: string | undefined;
}

interface Outputs {
  writers: ReportWriter[];
  /** Shows all files, or none when one of them cannot be written. */
  end(): void;
  abandon(): void;
}

/** Where no terminal tells its own. */
const WIDTH = 120;

/** One request for each `-f`; `-o` is the file of the one that names none. */
export function parseFormats(formats: readonly string[], output: string | undefined, verbose: boolean): OutputRequest[] {
  const requests = (formats.length === 0 ? [verbose ? 'list' : 'table'] : formats).map((text): OutputRequest => {
    const equals = text.indexOf('=');
    const format = equals < 0 ? text : text.slice(0, equals);
    if (!Object.hasOwn(FORMATS, format)) {
      throw new CastellanError('CAS_UNKNOWN_FORMAT', `there is no format "${format}"`, {
        remedy: `The formats are: ${Object.keys(FORMATS).join(', ')}.`,
      });
    }
    return { format: format === 'table' && verbose ? 'list' : format, path: equals < 0 ? undefined : text.slice(equals + 1) };
  });
  const open = requests.filter((request) => request.path === undefined);
  if (open.length > 1)
    throw new CastellanError('CAS_USAGE', 'several formats go to standard output; give all but one a file: -f sarif=out.sarif');
  if (output !== undefined) {
    const [first] = open;
    if (first === undefined) throw new CastellanError('CAS_USAGE', '--output needs a format without a file of its own');
    first.path = output;
  }
  if (requests.some((request) => request.path === ''))
    throw new CastellanError('CAS_USAGE', 'a format with = and --output need a file: -f sarif=out.sarif');
  const places = requests.flatMap(({ path }) => (path === undefined ? [] : [resolve(path)]));
  if (new Set(places).size < places.length) throw new CastellanError('CAS_USAGE', 'two formats go to the same file');
  return requests;
}

/** Opens all targets before anything is judged: a path that cannot be written fails at once. */
export function openOutputs(requests: readonly OutputRequest[], flags: { color?: boolean }): Outputs {
  const sinks: TextSink[] = [];
  const writers: ReportWriter[] = [];
  try {
    for (const { format, path } of requests) {
      const factory = FORMATS[format];
      if (factory === undefined) continue;
      const sink = path === undefined ? stdout : new FileSink(path);
      sinks.push(sink);
      const terminal = path === undefined && process.stdout.isTTY;
      writers.push(
        factory(sink, { color: path === undefined && wantsColor(terminal, flags), width: terminal ? process.stdout.columns : WIDTH }),
      );
    }
  } catch (error) {
    for (const sink of sinks) sink.abandon();
    throw error;
  }
  return {
    writers,
    end() {
      for (const sink of sinks) sink.finish();
      for (const sink of sinks) sink.end();
    },
    abandon: () => sinks.forEach((sink) => sink.abandon()),
  };
}

/** How an answer on standard output looks: what goes to a file instead has no colours and the width of nobody's terminal. */
export function screenOf(flags: { color?: boolean }): { color: boolean; width: number } {
  const terminal = !stdout.isRedirected && process.stdout.isTTY;
  return { color: !stdout.isRedirected && wantsColor(terminal, flags), width: terminal ? process.stdout.columns : WIDTH };
}

/** Colours on a terminal, unless NO_COLOR is set to anything or --no-color is given; in a pipe with FORCE_COLOR. */
export function wantsColor(terminal: boolean, flags: { color?: boolean }): boolean {
  if (flags.color === false || process.env.NO_COLOR) return false;
  return terminal ? process.env.TERM !== 'dumb' : Boolean(process.env.FORCE_COLOR);
}
