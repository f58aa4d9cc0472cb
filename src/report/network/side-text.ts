/** Why something passes or not, for people. */
import { type Part, type WhyPart, connsText } from '../../engines/network/index.ts';
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
export function partText({ conns, verdict, egress, ingress, pairs }: WhyPart): string {
  const which = pairs === undefined ? '' : ` ${pairs.src} > ${pairs.dst}${pairs.count > 1 ? ` and ${pairs.count - 1} more` : ''}`;
  const lines = [
    `${connsText(conns)}: ${verdict === 'allow' ? 'allowed' : 'denied'}${which === '' ? '' : `,${which}`}`,
    ...sideLines('egress', egress),
    ...sideLines('ingress', ingress),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function sideLines(direction: 'egress' | 'ingress', { verdict, by, default: nobody, missed = [] }: Side): string[] {
  const head = `  ${direction.padEnd(7)}  `;
  if (nobody) return [`${head}allowed, as no policy has a say${by.length === 0 ? '' : `: ${by.join(', ')} passes it on`}`];
  if (verdict === 'allow') return [`${head}allowed by ${by.join(', ')}`];
  const isolated = !by.some((text) => / rule \d+$/.test(text));
  const words = isolated
    ? `denied, as no rule of ${by.join(', ')} lets it ${direction === 'egress' ? 'out' : 'in'}`
    : `denied by ${by.join(', ')}`;
  const indent = ' '.repeat(head.length);
  const near = missed.slice(0, SHOWN).map((miss) => indent + missText(miss));
  const more = missed.length > SHOWN ? [`${indent}and ${missed.length - SHOWN} more that come less near (-f json)`] : [];
  return [
    `${head}${words}`,
    ...(near.length > 0 ? [`${indent}nearest:`] : []),
    ...near.map((line) => `  ${line}`),
    ...more.map((line) => `  ${line}`),
  ];
}

const MISSED = {
  peer: 'is for other peers',
  port: 'is for other ports',
  protocol: 'is for another protocol',
  direction: 'is for the other direction',
} as const;
