/**
 * UDP_CHECK: what is sent and what must come back, as hex in pairs of digits. Each word stands
 * alone, and one digit left over is an octet of its own: `Ab12f 3` is ab 12 0f 03.
 */
import { type Block, buildConnection, buildSchedule } from './build-checker';
import { warning } from './diagnostic';
import type { Checker, UdpReply } from './model-server';
import type { Directive } from './parser';
import { directiveOf, numberOf, placeOf } from './values';

const replyLengthMax = 255;

export function buildUdp(block: Block): readonly Checker[] {
  return [
    {
      kind: 'udp',
      schedule: buildSchedule(block),
      connection: buildConnection(block),
      payload: payloadOf(block),
      reply: replyOf(block),
    },
  ];
}

function payloadOf(block: Block): string | null {
  const directive = directiveOf(block.reading, 'payload');
  if (directive === null) return null;
  const payload = octetsOf(directive, /^[0-9a-f]+$/);
  if (payload === null) reportHex(directive, block);
  return payload;
}

function replyOf(block: Block): UdpReply | null {
  const { reading, report } = block;
  const directive = directiveOf(reading, 'require_reply');
  const minLength = numberOf(reading, 'min_reply_length') ?? 0;
  const maxLength = numberOf(reading, 'max_reply_length') ?? replyLengthMax;
  if (directive === null) {
    for (const word of ['min_reply_length', 'max_reply_length']) {
      if (numberOf(reading, word) === null) continue;
      report(
        warning('reply-not-required', placeOf(reading, word), `${word} without require_reply`, {
          label: 'ignored',
          why: 'silence is success, and what comes back is not looked at',
        }),
      );
    }
    return null;
  }
  if (minLength > maxLength) {
    report(
      warning('never-succeeds', directive.keyword.span, 'no reply can have the right length', {
        why: `it must have at least ${minLength} and at most ${maxLength} octets`,
      }),
    );
  }
  const given = directive.words.length === 0 ? '' : octetsOf(directive, /^[0-9a-fx]+$/);
  if (given === null) reportHex(directive, block);
  return { pattern: given ?? '', minLength, maxLength };
}

/** Null: no digits, or others than those. */
function octetsOf({ words }: Directive, digits: RegExp): string | null {
  const parts = words.flatMap(({ text }) => text.toLowerCase().split(/\s+/));
  const full = parts.filter((part) => part !== '');
  if (full.length === 0 || !full.every((part) => digits.test(part))) return null;
  return full
    .map((part) => (part.length % 2 === 0 ? part : `${part.slice(0, -1)}0${part.slice(-1)}`))
    .join('');
}

function reportHex({ keyword, words }: Directive, { report }: Block): void {
  const place = words[0]?.span ?? keyword.span;
  const isReply = keyword.text === 'require_reply';
  report(
    warning('bad-hex', place, `${keyword.text} must be hex digits`, {
      label: isReply ? 'any content will do' : '32 octets of our choice are sent',
      help: isReply ? 'x stands for four bits that may be anything' : null,
    }),
  );
}
