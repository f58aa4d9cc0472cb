/** What `castellan probe` tells a person: a line for each port, then what is wrong. */
import type { createColors } from 'picocolors';
import { fit, lineStart, plural, printable } from '../../lib/terminal.ts';
import { type EndpointFact, endpointName } from '../../snapshot/index.ts';
import { severityRank } from '../../rules/index.ts';
import { displaySubject } from '../subject.ts';
import type { ProbeReport } from './document.ts';

type Colors = ReturnType<typeof createColors>;

const HEAD = ['PORT', 'COMPONENT', 'TLS', 'CERTIFICATE', 'CLIENT CERT.', 'WITHOUT CREDENTIALS'];
const WIDEST = 48;

export function probeTable({ facts, findings, connections }: ProbeReport, colors: Colors): string {
  const rows = facts.endpoints.map((fact) => rowOf(fact).map((cell) => clipped(cell)));
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row, index) => {
    const line = row
      .map((cell, column) => fit(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    return index === 0 ? colors.bold(line) : line;
  });
  lines.push(...configurations(facts.endpoints));
  const failed = findings.filter(({ status }) => status === 'fail' || status === 'unknown');
  lines.push('', failed.length === 0 ? 'Nothing is wrong with what answered.' : colors.bold('What is wrong'));
  for (const finding of failed.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity))) {
    const word = finding.status === 'unknown' ? 'unknown' : finding.severity;
    lines.push(`  ${fit(word, 8)}  ${displaySubject(finding.subject)}: ${printable(finding.message)}`);
    for (const { origin, path, value } of finding.evidence)
      lines.push(colors.dim(`            ${printable(`${origin.source} ${path}${shown(value)}`)}`));
  }
  for (const { scope, reason, effect } of facts.gaps) lines.push(`  not seen  ${printable(`${scope}: ${reason}; ${effect}`)}`);
  const open = facts.endpoints.filter(({ state }) => state === 'open').length;
  lines.push('', `${plural(facts.endpoints.length, 'port')} asked, ${open} open, ${plural(connections, 'connection')}`);
  return `${lines.map((line) => lineStart(line)).join('\n')}\n`;
}

/** Kubelets that told their configuration; `castellan scan --probe` judges it. */
function configurations(endpoints: readonly EndpointFact[]): string[] {
  const told = endpoints.filter(({ configz }) => configz !== undefined);
  if (told.length === 0) return [];
  const lines = told.map((fact) => {
    const node = fact.node === undefined ? '' : ` (${fact.node})`;
    const doubt = fact.configz?.untrusted === undefined ? '' : `; ${fact.configz.untrusted}`;
    return printable(`  ${endpointName(fact)}${node}, asked by ${fact.configz?.by}${doubt}`);
  });
  return ['', `${plural(told.length, 'kubelet')} told the configuration ${told.length === 1 ? 'it runs' : 'they run'} with`, ...lines];
}

function rowOf(fact: EndpointFact): string[] {
  const { component, use, node, state, tls } = fact;
  const owner = `${component}${use === 'secure' ? '' : ` ${use}`}${node === undefined ? '' : ` (${node})`}`;
  if (state !== 'open') return [endpointName(fact), owner, state, '', '', ''];
  return [
    endpointName(fact),
    owner,
    versionsText(fact),
    certificateText(fact),
    tls === undefined ? '' : tls.clientCertificate,
    answersText(fact),
  ];
}

function versionsText({ tls, http }: EndpointFact): string {
  const accepted = (tls?.versions ?? []).filter((each) => each.accepted === 'yes').map(({ version }) => version.replace('TLS ', ''));
  return [accepted.length > 0 ? accepted.join(' ') : '', http ? 'plain HTTP' : ''].filter((part) => part !== '').join(', ');
}

function certificateText({ tls }: EndpointFact): string {
  const [first] = tls?.certificates ?? [];
  if (first === undefined) return '';
  return `${first.key}, until ${first.notAfter.slice(0, 10)}${first.selfSigned ? ', self-signed' : ''}`;
}

function answersText({ answers }: EndpointFact): string {
  const given = answers.filter(({ status = 0 }) => status >= 200 && status < 300).map(({ path }) => path);
  if (given.length > 0) return [...new Set(given)].join(' ');
  const [first] = answers;
  return first?.status === undefined ? 'nothing' : `nothing (${first.status})`;
}

function shown(value: unknown): string {
  if (value === undefined || value === '') return '';
  return ` = ${typeof value === 'string' ? value : JSON.stringify(value)}`;
}

function clipped(text: string): string {
  const safe = printable(text);
  return safe.length <= WIDEST ? safe : `${safe.slice(0, WIDEST - 1)}…`;
}
