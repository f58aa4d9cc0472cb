/** `castellan net compare FIRST SECOND`: what one state of a cluster allows against another. */
import { SET_QUESTIONS, type SetAnswer, type SetQuestion, askSets, connsText } from '../engines/network/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { gapsField, strictExit } from './net-gaps.ts';
import { type NetFlags, netFormat, readNet, writeDocument, writeTable } from './net-input.ts';

export interface NetCompareFlags extends Pick<NetFlags, 'format' | 'quiet' | 'podAddresses'> {
  question?: string;
  strict?: boolean;
}

/**
 * All questions; or one, which is a gate: 1 where there is an example against it, or of interference. With `strict` 4 where
 * a state has gaps.
 */
export async function runNetCompare(one: string, other: string, flags: NetCompareFlags): Promise<number> {
  const format = netFormat('compare', flags, ['table', 'json']);
  const only = flags.question === undefined ? undefined : questionOf(flags.question);
  const [first, second] = [await readNet([one], flags), await readNet([other], flags)];
  const questions = only === undefined ? SET_QUESTIONS : [only];
  const answers = questions.map((question) => ({ question, ...askSets(question, first, second) }));
  const lowered = gapsField(first, second);
  if (format === 'json') writeDocument('net-compare', { answers, ...lowered });
  else
    writeTable(
      ['QUESTION', 'ANSWER', 'EXAMPLE'],
      answers.map(({ question, answer, example }) => [WORDS[question], answer ? 'yes' : 'no', exampleText(example)]),
    );
  return only !== undefined && answers.some(({ example }) => example !== undefined) ? 1 : strictExit(flags, lowered);
}

const WORDS: Readonly<Record<SetQuestion, string>> = {
  equivalent: 'both allow the same',
  contains: 'the first allows all that the second does',
  permits: 'the first allows what rules of the second allow',
  forbids: 'the first allows nothing of what rules of the second allow',
  interferes: 'the second opens pods that policies of both are for',
};

function exampleText(example: SetAnswer['example']): string {
  return example === undefined ? '' : `${example.src} to ${example.dst}: ${connsText(example.conns)}`;
}

function questionOf(text: string): SetQuestion {
  const known = SET_QUESTIONS.find((question) => question === text);
  if (known !== undefined) return known;
  throw new CastellanError('CAS_USAGE', `--question takes no "${text}"`, { remedy: `The questions are: ${SET_QUESTIONS.join(', ')}.` });
}
