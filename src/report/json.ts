/** `castellan/scan/v1`, written as a stream: a document of a gigabyte takes no more memory than a small one. */
import { asKey } from '../lib/field-path.ts';
import type { TextSink } from '../lib/sink.ts';
import type { Finding, Rule } from '../rules/index.ts';
import { positionOf } from '../snapshot/index.ts';
import { setByOf } from './subject.ts';
import { podSecurityOf } from './pod-security-section.ts';
import type { ReportFrame, ReportWriter } from './report.ts';

export function jsonWriter(sink: TextSink): ReportWriter {
  let frame: ReportFrame | undefined;
  let separator = '\n';
  const used = new Set<Rule>();
  const texts = new RepeatedTexts();
  return {
    begin(begun) {
      frame = begun;
      sink.write(
        `{"schema":"castellan/scan/v1","version":${JSON.stringify(begun.version)},"source":${JSON.stringify(begun.source)},"findings":[`,
      );
    },
    finding(finding) {
      used.add(finding.rule);
      sink.write(separator + findingJson(finding, texts));
      separator = ',\n';
    },
    end(totals) {
      const rules = [...used].sort((a, b) => (a.id < b.id ? -1 : 1));
      const entries = rules.map((rule) => `${JSON.stringify(rule.id)}:${JSON.stringify(ruleEntry(rule))}`);
      const { byStatus, bySeverity, byFramework, byComponent, coverage, gaps, exceptions, attestations, benchmark, baseline } = totals;
      const more = { ...(attestations && { attestations }), ...(benchmark !== undefined && { benchmark }), ...(baseline && { baseline }) };
      sink.write(`\n],"rules":{${entries.join(',\n')}},`);
      sink.write(`"summary":${JSON.stringify({ byStatus, bySeverity, byFramework, byComponent, exceptions, ...more })},`);
      if (frame !== undefined) sink.write(`"podSecurity":${JSON.stringify(podSecurityOf(frame.cluster))},`);
      sink.write(`"coverage":${JSON.stringify(coverage)},"gaps":${JSON.stringify(gaps)}}\n`);
    },
  };
}

/** What belongs to a rule, once a document. */
export function ruleEntry(rule: Rule): Record<string, unknown> {
  const { title, severity, area, rationale, remedy, controls, aliases = {} } = rule;
  return { title, severity, area, rationale, remedy, controls, aliases };
}

/**
 * One finding as JSON. Put together by hand: a large cluster has hundreds of thousands. Of few pieces too, as each piece
 * costs when the text is written.
 */
export function findingJson(finding: Finding, texts: RepeatedTexts): string {
  const { rule, status, severity, message, fingerprint, also, reason, addOn, change } = finding;
  let text = `${texts.head(rule.id, status, severity)}${texts.subject(finding.subject)}${JSON.stringify(message)},"fingerprint":"${fingerprint}","evidence":[`;
  let separator = '';
  for (const { origin, path, value } of finding.evidence) {
    const position = positionOf(origin, path);
    const where = position === undefined ? '' : `,"line":${position.line},"column":${position.column}`;
    text += `${separator}${texts.source(origin.source)}${texts.path(path)}${where},"value":${valueJson(value)}}`;
    separator = ',';
  }
  text += ']';
  const setBy = setByOf(finding);
  if (setBy !== undefined) text += `,"setBy":${JSON.stringify(setBy)}`;
  if (also.length > 0) text += `,"also":${JSON.stringify(also)}`;
  if (finding.isNew !== undefined) text += `,"new":${finding.isNew}`;
  if (reason !== undefined) text += `,"reason":${JSON.stringify(reason)}`;
  if (addOn !== undefined) text += `,"addOn":${JSON.stringify({ name: addOn.name, reason: addOn.reason })}`;
  if (change !== undefined) text += `,"change":${JSON.stringify(change)}`;
  return `${text}}`;
}

function valueJson(value: unknown): string {
  if (value === undefined) return 'null';
  return typeof value === 'boolean' ? String(value) : (JSON.stringify(value) ?? 'null');
}

/** Pieces that come many times in a row, with what stands around them. Findings come object by object. */
export class RepeatedTexts {
  #subject: Finding['subject'] | undefined;
  #subjectText = '';
  #source: string | undefined;
  #sourceText = '';
  readonly #paths = new Map<string, string>();
  readonly #heads = new Map<string, { status: string; severity: string; text: string }>();

  /** Each rule says it in one or two ways: a text that is there is taken, not put together. */
  head(rule: string, status: string, severity: string): string {
    let head = this.#heads.get(rule);
    if (head?.status !== status || head.severity !== severity) {
      const text = `{"rule":"${rule}","status":"${status}","severity":"${severity}","subject":`;
      // In one piece, which a text that was put together is not.
      head = { status, severity, text: asKey(text) };
      this.#heads.set(rule, head);
    }
    return head.text;
  }

  subject(subject: Finding['subject']): string {
    if (subject !== this.#subject) {
      this.#subject = subject;
      this.#subjectText = `${JSON.stringify(subject)},"message":`;
    }
    return this.#subjectText;
  }

  /** The same few hundred paths come again in every object. */
  path(path: string): string {
    let json = this.#paths.get(path);
    if (json === undefined) {
      if (this.#paths.size >= 4096) this.#paths.clear();
      this.#paths.set(path, (json = JSON.stringify(path)));
    }
    return json;
  }

  source(source: string): string {
    if (source !== this.#source) {
      this.#source = source;
      this.#sourceText = `{"source":${JSON.stringify(source)},"path":`;
    }
    return this.#sourceText;
  }
}
