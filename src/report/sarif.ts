/** SARIF 2.1.0 within the limits of GitHub code scanning, which drops what is over them without a word. */
import { shortHash } from '../lib/hash.ts';
import type { TextSink } from '../lib/sink.ts';
import { plural } from '../lib/terminal.ts';
import { FRAMEWORKS, type Finding, type Rule, type Severity } from '../rules/index.ts';
import type { Gap } from '../snapshot/index.ts';
import { ByWeight, weightOf } from './order.ts';
import { placeIn, placeOf, uriOf } from './place.ts';
import type { ReportFrame, ReportTotals, ReportWriter } from './report.ts';
import { fullSubject } from './subject.ts';
import { oneLine } from './one-line.ts';
import { controlsOf, factOf, sentenceOf } from './words.ts';

/** Results that one run may hold; GitHub keeps the first 5,000 by severity. */
const MOST_RESULTS = 25_000;
const MOST_RELATED = 10;
const MOST_TAGS = 10;
const MOST_NOTIFICATIONS = 1000;

const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' } as const;
/** Inside the bands by which GitHub names a severity again. */
const SCORES: Record<Severity, string> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0', info: '0.5' };
/** What is not a failure has no level in SARIF, but a kind. */
const KINDS = {
  fail: 'fail',
  excepted: 'fail',
  unknown: 'open',
  manual: 'review',
  pass: 'pass',
  'not-applicable': 'notApplicable',
} as const;

export function sarifWriter(sink: TextSink): ReportWriter {
  const results = new ByWeight(MOST_RESULTS);
  const descriptors = new Descriptors();
  const fingerprints = new Map<string, number>();
  let frame: ReportFrame;
  return {
    begin(begun) {
      frame = begun;
    },
    finding(finding) {
      const times = (fingerprints.get(finding.fingerprint) ?? 0) + 1;
      fingerprints.set(finding.fingerprint, times);
      results.add(weightOf(finding), () => resultJson(finding, { frame, times, rule: descriptors.of(finding) }));
    },
    end(totals) {
      const kept = results.first(MOST_RESULTS);
      const frameworks = FRAMEWORKS.filter(({ id }) => descriptors.taxa.has(id));
      const driver = {
        name: 'Castellan',
        version: frame.version,
        rules: descriptors.all.map(({ rule, severity }) =>
          ruleDescriptor(
            rule,
            severity,
            frameworks.map(({ id }) => id),
          ),
        ),
        supportedTaxonomies: frameworks.map(({ id }, index) => ({ name: id, index })),
      };
      const taxonomies = frameworks.map(({ id, title }) => ({
        name: id,
        shortDescription: { text: title },
        taxa: [...(descriptors.taxa.get(id) ?? [])].sort().map((taxon) => ({ id: taxon })),
      }));
      const invocation = { executionSuccessful: true, toolExecutionNotifications: notifications(totals, results.total - kept.length) };
      sink.write('{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{');
      sink.write(`"tool":{"driver":${JSON.stringify(driver)}},\n"taxonomies":${JSON.stringify(taxonomies)},\n`);
      sink.write(
        `"automationDetails":${JSON.stringify({ id: `castellan/${oneLine(frame.targets.join(' '), 200)}/` })},"columnKind":"utf16CodeUnits",\n`,
      );
      sink.write(`"invocations":[${JSON.stringify(invocation)}],\n"results":[\n`);
      for (const [index, result] of kept.entries()) sink.write(index === 0 ? result : `,\n${result}`);
      sink.write('\n]}]}\n');
    },
  };
}

interface ResultContext {
  frame: ReportFrame;
  /** How often this fingerprint has come: GitHub tells equal ones apart by a number. */
  times: number;
  rule: { id: string; index: number };
}

function resultJson(finding: Finding, { frame, times, rule }: ResultContext): string {
  const { status, severity, subject, fingerprint, evidence } = finding;
  const path = evidence[0]?.path ?? '';
  const related = evidence.slice(1, 1 + MOST_RELATED).map((more, index) => ({
    id: index + 1,
    message: { text: plainText(more.path === '' ? 'the object as a whole' : oneLine(more.path, 300)) },
    physicalLocation: physicalLocation(placeIn(more, subject, frame.source)),
  }));
  const kind = KINDS[status];
  return JSON.stringify({
    ruleId: rule.id,
    ruleIndex: rule.index,
    kind,
    level: kind === 'fail' ? LEVELS[severity] : 'none',
    message: {
      text: plainText(
        `${sentenceOf(factOf(finding))} ${oneLine(fullSubject(subject), 600)}${path === '' ? '' : `, ${oneLine(path, 300)}`}`,
      ),
    },
    locations: [
      {
        physicalLocation: physicalLocation(placeOf(finding, frame.source)),
        logicalLocations: [{ fullyQualifiedName: oneLine(fullSubject(subject), 600), kind: 'resource' }],
      },
    ],
    ...(related.length > 0 && { relatedLocations: related }),
    partialFingerprints: {
      primaryLocationLineHash: `${fingerprint}:${times}`,
      'castellan/v1': times === 1 ? fingerprint : shortHash(`${fingerprint}#${times}`),
    },
    ...(status === 'excepted' && {
      suppressions: [{ kind: 'external', status: 'accepted', justification: oneLine(finding.reason ?? '') }],
    }),
    properties: { severity, rule: finding.rule.id, ...(finding.also.length > 0 && { also: finding.also }) },
  });
}

function physicalLocation({ path, line, column }: ReturnType<typeof placeOf>): unknown {
  const uri = uriOf(path);
  return {
    artifactLocation: { uri, ...(!uri.startsWith('file:') && { uriBaseId: '%SRCROOT%' }) },
    region: { startLine: line, startColumn: column },
  };
}

/**
 * GitHub takes the severity from the rule and not from the result. What context made more or less severe than its
 * rule therefore goes by a rule of its own, `RULE/SEVERITY`: else a critical finding would be gated as a low one.
 */
class Descriptors {
  readonly all: { rule: Rule; severity: Severity }[] = [];
  readonly taxa = new Map<string, Set<string>>();
  readonly #known = new Map<string, number>();

  of({ rule, severity }: Finding): { id: string; index: number } {
    const id = descriptorId(rule, severity);
    let index = this.#known.get(id);
    if (index === undefined) {
      index = this.all.push({ rule, severity }) - 1;
      this.#known.set(id, index);
      for (const control of rule.controls)
        this.taxa.set(control.framework, (this.taxa.get(control.framework) ?? new Set()).add(control.id));
    }
    return { id, index };
  }
}

function descriptorId(rule: Rule, severity: Severity): string {
  return severity === rule.severity ? rule.id : `${rule.id}/${severity}`;
}

function ruleDescriptor(rule: Rule, severity: Severity, frameworks: readonly string[]): unknown {
  const { title, rationale, remedy, area } = rule;
  const controls = controlsOf(rule);
  const tags = ['security', 'kubernetes', area, ...rule.controls.map(({ framework, id }) => `${framework}/${id}`)];
  const answered = controls.length === 0 ? '' : `\n\nControls: ${controls.join(', ')}`;
  return {
    id: descriptorId(rule, severity),
    shortDescription: { text: plainText(title) },
    fullDescription: { text: plainText(rationale) },
    help: {
      text: plainText(`${rationale}\n\nWhat to do: ${remedy}${answered}`),
      markdown: `${rationale}\n\n**What to do.** ${remedy}${answered}\n\nMore: \`castellan explain ${rule.id}\``,
    },
    defaultConfiguration: { level: LEVELS[severity] },
    relationships: rule.controls
      .filter(({ framework }) => frameworks.includes(framework))
      .map(({ framework, id }) => ({
        target: { id, toolComponent: { name: framework, index: frameworks.indexOf(framework) } },
        kinds: ['relevant'],
      })),
    properties: { 'security-severity': SCORES[severity], precision: 'high', tags: tags.slice(0, MOST_TAGS) },
  };
}

function notifications({ gaps, exceptions }: ReportTotals, dropped: number): unknown[] {
  const notes: unknown[] = [];
  if (dropped > 0) {
    notes.push(
      note(
        'warning',
        `${dropped} results are left out: a run holds ${MOST_RESULTS}. The most severe ones are kept; the formats json, csv and html hold all of them.`,
      ),
    );
  }
  if (exceptions.expired.length > 0) notes.push(note('warning', `Exceptions that have expired: ${exceptions.expired.join(', ')}`));
  if (exceptions.unused.length > 0) notes.push(note('note', `Exceptions that match nothing: ${exceptions.unused.join(', ')}`));
  for (const gap of gaps.slice(0, MOST_NOTIFICATIONS))
    notes.push(note(gapLevel(gap), `${gap.scope}: ${gap.reason}; ${gap.effect}`, gap.code));
  if (gaps.length > MOST_NOTIFICATIONS)
    notes.push(note('warning', `${plural(gaps.length - MOST_NOTIFICATIONS, 'more gap')}; the format json names each.`));
  return notes;
}

function note(level: 'error' | 'warning' | 'note', text: string, code?: string): unknown {
  return { ...(code !== undefined && { descriptor: { id: code } }), level, message: { text: plainText(oneLine(text, 2000)) } };
}

function gapLevel({ code }: Gap): 'error' | 'warning' | 'note' {
  if (code === 'namespace-absent') return 'note';
  return code === 'rule-failed' ? 'error' : 'warning';
}

/** Messages of SARIF know links, `[text](target)`: a name must not become one. */
function plainText(text: string): string {
  return text.replaceAll('](', '] (');
}
