/** Why something passes or not, for people. */
import { type Part, type Unasked, type WhyPart, connsText } from '../../engines/network/index.ts';
import { printable } from '../../lib/terminal.ts';

type Side = Part['ingress'];
type Miss = NonNullable<Side['missed']>[number];

/** One direction in one line. */
export function sideText({ verdict, by, default: nobody, missed = [] }: Side): string {
  if (nobody) return by.length === 0 ? 'allow: no policy' : `allow: no policy, passed on by ${by.join(', ')}`;
  const [near] = missed;
  return `${verdict}: ${by.join(', ')}${near === undefined ? '' : ` (nearest: ${missText(near)})`}`;
}

function missText({ rule, on, wants }: Miss): string {
  return `${rule} ${MISSED[on]}: ${wants}`;
}

const SHOWN = 3;

/** A part with a line for each thing that is said of it. */
export function partText({ conns, verdict, egress, ingress, pairs, family }: WhyPart): string {
  const which = pairs === undefined ? '' : ` ${pairs.src} > ${pairs.dst}${pairs.count > 1 ? ` and ${pairs.count - 1} more` : ''}`;
  const lines = [
    `${connsText(conns)}: ${verdict === 'allow' ? 'allowed' : 'denied'}${family === undefined ? '' : ` over ${family}`}${which === '' ? '' : `,${which}`}`,
    ...sideLines('egress', egress),
    ...sideLines('ingress', ingress),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

/** Where no packet goes, and why. */
export function unaskedText({ reason, pairs }: Unasked): string {
  const which = `${pairs.src} > ${pairs.dst}${pairs.count > 1 ? ` and ${pairs.count - 1} more` : ''}`;
  const why =
    reason === 'families'
      ? 'no addresses of one family: one end has IPv4 only, the other IPv6 only'
      : 'the Service does not lead there by that port';
  return `${printable(`nothing can flow, ${which}: ${why}`)}\n`;
}

function sideLines(direction: 'egress' | 'ingress', side: Side): string[] {
  const head = `  ${direction.padEnd(7)}  `;
  const { missed = [], shadowed = [] } = side;
  return [
    `${head}${verdictText(direction, side)}`,
    ...listed('nearest', missed.map(missText), 'that come less near'),
    ...listed(
      'not asked any more',
      shadowed.map(({ rule, verdict }) => `${rule} (${verdict})`),
    ),
  ];
}

function verdictText(direction: 'egress' | 'ingress', { verdict, by, default: nobody }: Side): string {
  if (nobody) return `allowed, as no policy has a say${by.length === 0 ? '' : `: ${by.join(', ')} passes it on`}`;
  if (verdict === 'allow') return `allowed by ${by.join(', ')}`;
  const isolated = !by.some((text) => / rule \d+$/.test(text));
  return isolated
    ? `denied, as no rule of ${by.join(', ')} lets it ${direction === 'egress' ? 'out' : 'in'}`
    : `denied by ${by.join(', ')}`;
}

/** Below a verdict, indented as far. */
function listed(title: string, lines: readonly string[], rest = ''): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more ${rest === '' ? '' : `${rest} `}(-f json)`] : [];
  return [`${INDENT}${title}:`, ...[...lines.slice(0, SHOWN), ...more].map((line) => `${INDENT}  ${line}`)];
}

const INDENT = ' '.repeat('  ingress  '.length);

const MISSED = {
  peer: 'is for other peers',
  port: 'is for other ports',
  protocol: 'is for another protocol',
  direction: 'is for the other direction',
} as const;
