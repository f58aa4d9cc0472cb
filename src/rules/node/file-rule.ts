/** The form of a rule about who may read and change files of a node. */
import { NODE_FILES, type NodeFilesName, type NodeView } from '../../engines/component-config/index.ts';
import type { FileFact } from '../../snapshot/index.ts';
import type { Severity } from '../finding.ts';
import type { NodeOperation } from '../node-operation.ts';
import { type Examples, type Hit, type Rule, type RuleHeader, defineRule } from '../rule.ts';

interface FileRule extends Omit<RuleHeader, 'area' | 'needs'> {
  component: string;
  files: NodeFilesName;
  /** What the files are, for messages: `the manifest of the API server`. */
  what: string;
  examples: () => Examples;
}
interface ModeRule extends FileRule {
  /** Bits that a file may have, in octal. */
  most: number;
  /** On distributions whose file holds no credential, as their benchmarks have it. */
  mostOn?: Readonly<Record<string, number>>;
}
interface OwnerRule extends FileRule {
  /** Whether the owner is right; root and its group where left out. */
  owned?: (file: FileFact, view: NodeView) => boolean;
  /** In words, as chown takes it. */
  wanted?: string;
  /** The files are folders, and what is in them has the same owner. */
  all?: true;
}

export function fileModeRule({ most, mostOn = {}, ...rule }: ModeRule): Rule {
  return fileRule(rule, {
    shownOf: ({ mode }) => ({ path: 'mode', value: mode }),
    wrongWith(file, { facts }) {
      const mode = Number.parseInt(file.mode, 8);
      const limit = mostOn[facts.distribution] ?? most;
      if ((mode & ~limit) === 0) return undefined;
      const reason = (mode & 0o022) !== 0 ? 'others than its owner may change it' : `it should be ${limit.toString(8)} or tighter`;
      const onNode: NodeOperation = { operation: 'mode', path: file.path, mode: (mode & limit).toString(8) };
      const wrong: Wrong = { path: 'mode', value: file.mode, onNode, words: `has the mode ${file.mode}: ${reason}` };
      // Whoever may change what a component is started with is that component.
      return (mode & 0o002) === 0 ? wrong : { ...wrong, severity: 'high' };
    },
  });
}

export function fileOwnerRule({ owned = isOfRoot, wanted = 'root:root', all, ...rule }: OwnerRule): Rule {
  return fileRule(rule, {
    shownOf: (file) => ({ path: 'owner', value: ownerOf(file) }),
    wrongWith(file, view) {
      if (owned(file, view)) return undefined;
      const owner = ownerOf(file);
      const onNode: NodeOperation = { operation: 'owner', path: file.path, owner: wanted, ...(all && { all }) };
      return { path: 'owner', value: owner, onNode, words: `belongs to ${owner} and not to ${wanted}` };
    },
  });
}

function ownerOf({ owner, uid, group, gid }: FileFact): string {
  return `${owner ?? uid}:${group ?? gid}`;
}

function isOfRoot({ uid, gid }: FileFact): boolean {
  return uid === 0 && gid === 0;
}

interface Wrong {
  path: string;
  value: string;
  words: string;
  onNode: NodeOperation;
  severity?: Severity;
}

interface Question {
  wrongWith: (file: FileFact, view: NodeView) => Wrong | undefined;
  /** What is looked at, where nothing is wrong with it. */
  shownOf: (file: FileFact) => { path: string; value: string };
}

function fileRule(rule: FileRule, { wrongWith, shownOf }: Question): Rule {
  const { files: name, what, ...header } = rule;
  return defineRule({
    ...header,
    area: 'node',
    scope: 'node',
    needs: ['node'],
    check(view): Hit | undefined {
      const { files, unseen, gaps } = NODE_FILES[name](view);
      const wrong = files.flatMap((file) => {
        const fault = wrongWith(file, view);
        return fault === undefined ? [] : [{ file, fault }];
      });
      const [first] = wrong;
      if (first !== undefined) return faultOf(first, wrong.slice(1));
      const hidden = gaps[0];
      if (hidden !== undefined)
        return {
          message: `nothing is known of ${hidden.scope}: ${hidden.reason}`,
          file: hidden.scope,
          path: '',
          value: undefined,
          status: 'unknown',
        };
      if (unseen[0] !== undefined)
        return {
          message: `${what} is ${unseen[0]}, which was not seen on the node`,
          file: unseen[0],
          path: '',
          value: undefined,
          status: 'unknown',
        };
      if (files[0] !== undefined) return passOf(files[0], files.slice(1));
      return { message: `the node does not have ${what}`, path: '', value: undefined, status: 'not-applicable' };
    },
  });

  function passOf(file: FileFact, others: readonly FileFact[]): Hit {
    const also = others.slice(0, MOST_TOLD).map((each) => ({ file: each.path, ...shownOf(each) }));
    const shown = shownOf(file);
    return {
      message: `${file.path} has the ${shown.path} ${shown.value}`,
      file: file.path,
      ...shown,
      status: 'pass',
      ...(also.length > 0 && { also }),
    };
  }

  function faultOf({ file, fault }: { file: FileFact; fault: Wrong }, others: readonly { file: FileFact; fault: Wrong }[]): Hit {
    const more =
      others.length === 0 ? '' : `, and ${others.length} more ${others.length === 1 ? 'file is' : 'files are'} not as it should be`;
    const hit: Hit = { message: `${file.path} ${fault.words}${more}`, file: file.path, path: fault.path, value: fault.value };
    hit.onNode = [fault, ...others.map((other) => other.fault)].map(({ onNode }) => onNode);
    if (fault.severity !== undefined) hit.severity = fault.severity;
    if (others.length > 0)
      hit.also = others.slice(0, MOST_TOLD).map((each) => ({ file: each.file.path, path: each.fault.path, value: each.fault.value }));
    return hit;
  }
}

const MOST_TOLD = 50;
