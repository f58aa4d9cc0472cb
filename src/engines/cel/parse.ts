/** Expressions as trees, by the parser of a library; what it does not read is not judged. */
import { type ASTNode, Environment } from '@marcbachmann/cel-js';

export type Node = ASTNode;

const LIMITS = { maxAstNodes: 5000, maxDepth: 100, maxListElements: 1000, maxMapEntries: 200, maxCallArguments: 16 };
const LONGEST = 50_000;
const MOST_KEPT = 2000;

let environment: Environment | undefined;
const parsed = new Map<string, Node | undefined>();

/** Undefined where it is no expression, or one of a form or size that is not read. */
export function parseExpression(text: string): Node | undefined {
  if (parsed.has(text)) return parsed.get(text);
  if (parsed.size >= MOST_KEPT) parsed.clear();
  const node = parse(text);
  parsed.set(text, node);
  return node;
}

function parse(text: string): Node | undefined {
  if (text.length > LONGEST) return undefined;
  // Made when the first expression is met: few clusters have one.
  environment ??= new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true, limits: LIMITS });
  try {
    return environment.parse(text).ast;
  } catch {
    return undefined;
  }
}
