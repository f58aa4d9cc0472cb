import { describe, expect, it } from 'vitest';
import { CastellanError } from '../lib/errors.ts';
import { parseConfig } from './config.ts';

const RULES = [
  { id: 'privileged', options: undefined },
  { id: 'host-pid', options: { allowed: [], minimum: 1, strict: false, labels: {}, ratio: '64' } },
];
const parse = (text: string): ReturnType<typeof parseConfig> => parseConfig(text, 'c.yaml', RULES);

describe('a configuration', () => {
  it.each(['', '# nothing\n', '{}', '---\n', 'exceptions:\nrules:\ndisabled:\n'])('%j is empty', (text) => {
    expect(parse(text)).toEqual({ exceptions: [], ruleOptions: {}, disabled: [], attestations: [], controlAttestations: [] });
  });

  it('holds exceptions, options and rules that are off', () => {
    const text = `
exceptions:
- id: agents
  rules: [privileged, host-pid]
  subject: {kind: DaemonSet, namespace: ops, name: agent-*, container: app, labels: {tier: 1}}
  reason: " needs it "
  expires: 2027-01-31
- rule: privileged
  fingerprint: 0123456789abcdef
  reason: 7
rules: {host-pid: {allowed: [a], minimum: 0, strict: true, labels: {owner: '.+'}, ratio: '8'}, privileged: }
disabled:
- {rule: host-pid, reason: not ours}
`;
    expect(parse(text)).toEqual({
      attestations: [],
      exceptions: [
        {
          id: 'agents',
          rules: ['privileged', 'host-pid'],
          subject: { kind: 'DaemonSet', namespace: 'ops', name: 'agent-*', container: 'app', labels: { tier: '1' } },
          reason: 'needs it',
          expires: '2027-01-31',
        },
        { id: 'exception-2', rules: ['privileged'], fingerprint: '0123456789abcdef', reason: '7' },
      ],
      ruleOptions: {
        'host-pid': { allowed: ['a'], minimum: 0, strict: true, labels: { owner: '.+' }, ratio: '8' },
        privileged: null,
      },
      disabled: [{ rule: 'host-pid', reason: 'not ours' }],
      controlAttestations: [],
    });
  });
});

const entry = (lines: string): string => `exceptions:\n- {${lines}}\n`;
const WHOLE = 'rule: privileged, subject: {name: x}, reason: because';

describe('a mistake is an error that says where it is', () => {
  it.each<[string, string, string]>([
    [
      'an unknown section',
      'exemptions: []\n',
      'c.yaml: has an unknown field "exemptions" (known: exceptions, rules, disabled, attestations)',
    ],
    ['a key __proto__', '{"__proto__": {}}', 'c.yaml: has an unknown field "__proto__"'],
    ['a list', '- x\n', 'c.yaml: is no mapping'],
    ['a text', 'hello\n', 'c.yaml: is no mapping'],
    ['exceptions that are no list', 'exceptions: {a: b}\n', 'c.yaml: exceptions is no list'],
    ['an exception that is no mapping', 'exceptions: [5]\n', 'c.yaml: exceptions[0] is no mapping'],
    ['an unknown field', entry(`${WHOLE}, until: x`), 'c.yaml: exceptions[0] has an unknown field "until"'],
    [
      'an unknown rule',
      entry('rule: privilegd, subject: {name: x}, reason: because'),
      'c.yaml: exceptions[0] names the rule "privilegd", which does not exist',
    ],
    [
      'an unknown rule in a list',
      entry('rules: [privileged, x], subject: {name: x}, reason: because'),
      'c.yaml: exceptions[0].rules[1] names the rule "x", which does not exist',
    ],
    ['a rule of no text', entry('rule: [privileged], subject: {name: x}, reason: because'), 'c.yaml: exceptions[0] rule is no text'],
    ['an empty rule', entry('rule: "", subject: {name: x}, reason: because'), 'c.yaml: exceptions[0] has no rule'],
    [
      'neither rule nor fingerprint',
      entry('subject: {name: x}, reason: because'),
      'c.yaml: exceptions[0] names neither a rule nor a fingerprint',
    ],
    ['no subject', entry('rule: privileged, reason: because'), 'c.yaml: exceptions[0] has no subject'],
    [
      'an empty subject',
      entry('rule: privileged, subject: {}, reason: because'),
      'c.yaml: exceptions[0].subject is empty and would match everything',
    ],
    ['a subject of null', entry('rule: privileged, subject: null, reason: because'), 'c.yaml: exceptions[0].subject is no mapping'],
    [
      'an unknown field of the subject',
      entry('rule: privileged, subject: {nmae: x}, reason: because'),
      'c.yaml: exceptions[0].subject has an unknown field "nmae"',
    ],
    [
      'a name of no text',
      entry('rule: privileged, subject: {name: [x]}, reason: because'),
      'c.yaml: exceptions[0].subject name is no text',
    ],
    [
      'labels of no mapping',
      entry('rule: privileged, subject: {labels: x}, reason: because'),
      'c.yaml: exceptions[0].subject labels is no mapping',
    ],
    ['no reason', entry('rule: privileged, subject: {name: x}'), 'c.yaml: exceptions[0] has no reason'],
    ['an empty reason', entry('rule: privileged, subject: {name: x}, reason: "  "'), 'c.yaml: exceptions[0] has no reason'],
    ['an end that is no date', entry(`${WHOLE}, expires: soon`), 'c.yaml: exceptions[0] expires "soon" is no date like 2027-01-31'],
    ['a day that there is not', entry(`${WHOLE}, expires: 2027-02-30`), 'c.yaml: exceptions[0] expires "2027-02-30" is no date'],
    ['a month that there is not', entry(`${WHOLE}, expires: 2027-13-01`), 'c.yaml: exceptions[0] expires "2027-13-01" is no date'],
    ['an id twice', `exceptions:\n- {id: a, ${WHOLE}}\n- {id: a, ${WHOLE}}\n`, 'c.yaml: exceptions[1] the id "a" is used twice'],
    ['options of an unknown rule', 'rules: {x: {}}\n', 'c.yaml: rules: there is no rule "x"'],
    ['options of no mapping', 'rules: [x]\n', 'c.yaml: rules is no mapping'],
    ['options of a rule that has none', 'rules: {privileged: {x: 1}}\n', 'c.yaml: rules.privileged has no options'],
    ['options of a rule that are no mapping', 'rules: {host-pid: [allowed]}\n', 'c.yaml: rules.host-pid is no mapping'],
    [
      'an option that is misspelt',
      'rules: {host-pid: {alowed: [a]}}\n',
      'c.yaml: rules.host-pid has no option "alowed" (known: allowed, minimum, strict, labels, ratio)',
    ],
    ['an option that every object has', 'rules: {host-pid: {toString: a}}\n', 'c.yaml: rules.host-pid has no option "toString"'],
    ['a text for a list', 'rules: {host-pid: {allowed: a}}\n', 'c.yaml: rules.host-pid allowed is no list'],
    ['nothing for a list', 'rules: {host-pid: {allowed: }}\n', 'c.yaml: rules.host-pid allowed is no list'],
    ['a number in a list of texts', 'rules: {host-pid: {allowed: [a, 5]}}\n', 'c.yaml: rules.host-pid allowed [1] is no text'],
    ['a text for a number', 'rules: {host-pid: {minimum: "5"}}\n', 'c.yaml: rules.host-pid minimum is no number'],
    ['what is no number', 'rules: {host-pid: {minimum: .nan}}\n', 'c.yaml: rules.host-pid minimum is no number'],
    ['a text for yes or no', 'rules: {host-pid: {strict: "true"}}\n', 'c.yaml: rules.host-pid strict is no boolean'],
    ['a number for a text', 'rules: {host-pid: {ratio: 64}}\n', 'c.yaml: rules.host-pid ratio is no text'],
    ['a list for a mapping', 'rules: {host-pid: {labels: [owner]}}\n', 'c.yaml: rules.host-pid labels is no mapping'],
    ['a mapping of what is no text', 'rules: {host-pid: {labels: {owner: }}}\n', 'c.yaml: rules.host-pid labels "owner" is no text'],
    [
      'an unknown rule that is off',
      'disabled: [{rule: x, reason: because}]\n',
      'c.yaml: disabled[0] names the rule "x", which does not exist',
    ],
    ['a rule that is off for no reason', 'disabled: [{rule: privileged}]\n', 'c.yaml: disabled[0] has no reason'],
    ['broken YAML', 'exceptions: [\n', 'c.yaml:'],
    ['a tab', 'exceptions:\n\t- x\n', 'c.yaml:2: a tab'],
    ['a key twice', 'rules: {}\nrules: {}\n', 'c.yaml:2: a key stands twice'],
    ['two documents', 'rules: {}\n---\nrules: {}\n', 'c.yaml: it holds several documents'],
  ])('%s', (_name, text, message) => {
    let thrown: unknown;
    try {
      parse(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(CastellanError);
    expect(thrown).toMatchObject({ code: 'CAS_CONFIG', exit: 2 });
    expect((thrown as CastellanError).message.startsWith(message), (thrown as CastellanError).message).toBe(true);
  });
});
