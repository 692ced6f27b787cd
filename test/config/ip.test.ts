/** Addresses: what is read and how it is written (RFC 5952). */
import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatIp, isLinkLocal, isMulticast, parseIp, withHostBits } from '../../src/config/ip';

const canonical = (text: string): string | null => {
  const ip = parseIp(text);
  return ip === null ? null : formatIp(ip);
};

test('RFC 5952: lower case, no leading zeros, the first longest run of zeros shortened', () => {
  assert.equal(canonical('2001:0DB8:0:0:0:0:0:0001'), '2001:db8::1');
  assert.equal(canonical('2001:db8:0:0:1:0:0:1'), '2001:db8::1:0:0:1');
  assert.equal(canonical('2001:db8:0:1:1:1:1:1'), '2001:db8:0:1:1:1:1:1');
  assert.equal(canonical('0:0:0:0:0:0:0:0'), '::');
  assert.equal(canonical('1:0:0:0:0:0:0:0'), '1::');
  assert.equal(canonical('::1'), '::1');
  assert.equal(canonical('::ffff:c000:201'), '::ffff:192.0.2.1');
  assert.equal(canonical('64:ff9b::192.0.2.33'), '64:ff9b::c000:221');
});

test('what is not an address is null', () => {
  const bad = ['', '1.2.3', '1.2.3.256', '01.2.3.4', '1.2.3.4.5', ':', ':::', '1::2::3', 'g::'];
  const worse = ['1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8::', '12345::', '::1.2.3'];
  for (const text of [...bad, ...worse, '1.2.3.4::', '::1%eth0', ':1', '1:']) {
    assert.equal(parseIp(text), null, text);
  }
});

test('agrees with node about what is an address', () => {
  const piece = fc.constantFrom(':', '::', '0', '1', 'ff', 'abcd', '.', '255', '256', '1.2.3.4');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
      const text = pieces.join('');
      assert.equal(parseIp(text)?.family ?? 0, isIP(text), text);
    }),
    { numRuns: 5000 },
  );
});

test('parse(format(x)) = x', () => {
  const octet = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(octet, { minLength: 16, maxLength: 16 }), (octets) => {
      assert.deepEqual(parseIp(formatIp({ family: 6, octets })), { family: 6, octets });
    }),
  );
});

test('kinds of addresses and host bits', () => {
  const ip = (text: string) => parseIp(text) ?? assert.fail(text);
  assert.ok(isLinkLocal(ip('fe80::1')) && isLinkLocal(ip('febf::1')) && !isLinkLocal(ip('fec0::')));
  assert.ok(isMulticast(ip('224.0.0.18')) && isMulticast(ip('ff02::12')));
  assert.ok(!isMulticast(ip('192.0.2.1')));
  assert.equal(formatIp(withHostBits(ip('192.0.2.77'), 27, true)), '192.0.2.95');
  assert.equal(formatIp(withHostBits(ip('192.0.2.77'), 27, false)), '192.0.2.64');
});
