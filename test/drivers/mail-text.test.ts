/** The text of a mail: keepalived's words, our facts, and nothing that ends a header too soon. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { envelopeAddress, isWanted, letterOf } from '../../src/drivers/mail-text';
import { config, instance } from '../core/fixture';
import { happened, mail, news, origin, post, through, wanting } from './mail-news';
import { headerOf, mailServer } from './mail-server';

const server = { host: '127.0.0.1', port: 25 };
const model = wanting({ server });
const stamp = { id: '1@box', date: happened };

const letter = (...told: Parameters<typeof news>) => letterOf(news(...told), model, origin, stamp);

test('subjects and first lines are those of keepalived 2.2.7', () => {
  const said = (...told: Parameters<typeof news>): readonly string[] => {
    const { subject = '', text = '' } = letter(...told) ?? {};
    return [subject, text.split('\n')[0] ?? ''];
  };
  const gone = '=> VRRP Instance is no longer owning VRRP VIPs <=';
  assert.deepEqual(
    (['MASTER', 'BACKUP', 'FAULT', 'STOP'] as const).map((state) => said(state)),
    [
      [
        '[lb1] VRRP Instance VI - Entering MASTER state',
        '=> VRRP Instance is now owning VRRP VIPs <=',
      ],
      ['[lb1] VRRP Instance VI - Entering BACKUP state', gone],
      ['[lb1] VRRP Instance VI - Entering FAULT state', gone],
      ['[lb1] VRRP Instance VI - Stopping', '=> VRRP Instance stopping <='],
    ],
  );
  const group = { scope: 'GROUP', name: 'G', priority: 0 } as const;
  assert.deepEqual(said('BACKUP', group), [
    '[lb1] VRRP Group G - Entering BACKUP state',
    '=> All VRRP group instances are now in BACKUP state <=',
  ]);
  assert.deepEqual(said('STOP', group), [
    '[lb1] VRRP Group G - Stopping',
    '=> All VRRP group instances are now stopping <=',
  ]);
});

test('without router_id the host names itself, without a sender our user does', () => {
  const bare = letterOf(news('MASTER'), wanting({ server, from: null }, null), origin, stamp);
  assert.match(bare?.subject ?? '', /^\[box\] /);
  assert.match(bare?.text ?? '', /^Router: {3}box$/m);
  assert.deepEqual(bare?.from, { name: '', address: 'root@box' });
});

test('a sender may have a name; what is no address is not used', () => {
  const from = (text: string) =>
    letterOf(news('MASTER'), wanting({ server, from: text }), origin, stamp)?.from;
  const named = { name: 'The lb', address: 'lb@example.org' };
  assert.deepEqual(from('"The lb" <lb@example.org>'), named);
  assert.deepEqual(from('lb@example.org\r\nBcc: x@example.org'), { name: '', address: 'root@box' });
  const to = ['a b@example.org', 'x>@example.org', 'ok@example.org', 'a@b\nc'];
  const some = letterOf(news('MASTER'), wanting({ server, to }), origin, stamp);
  assert.deepEqual(some?.to, ['ok@example.org']);
  assert.equal(letterOf(news('MASTER'), wanting({ server, to: ['< >'] }), origin, stamp), null);
});

test('the priority is shown with what made it', () => {
  const line = (arithmetic: string): string =>
    /^Priority: (.*)$/m.exec(letter('MASTER', { priority: 104, arithmetic })?.text ?? '')?.[1] ??
    '';
  assert.equal(line('102 + 2 (script chk)'), '104, from 102 + 2 (script chk)');
  assert.equal(line('104'), '104');
});

test('a long reason is folded where its words end', () => {
  const reason = Array.from({ length: 30 }, (_, i) => `word${i}`).join(' ');
  const { text = '' } = letter('FAULT', { reason }) ?? {};
  assert.ok(text.split('\n').every((line) => line.length <= 76));
  assert.ok(text.replace(/\s+/g, ' ').includes(reason));
});

test('domains are told in ASCII', () => {
  assert.equal(envelopeAddress('a@bücher.example'), 'a@xn--bcher-kva.example');
  assert.equal(envelopeAddress('root'), 'root');
  assert.equal(envelopeAddress('a@example.org'), 'a@example.org');
});

test('an unknown name, and a state that is not mailed, are no mail', () => {
  assert.equal(isWanted(news('MASTER'), model), true);
  assert.equal(isWanted(news('MASTER', { name: 'other' }), model), false);
  const quiet = config({ global: model.global, instances: [instance('VI', { smtpAlert: false })] });
  assert.equal(isWanted(news('MASTER'), quiet), false);
  const noFaults = wanting({ ...mail, server, faults: false });
  assert.equal(isWanted(news('FAULT'), noFaults), false);
});

/** As a mail reader shows it. */
const decoded = (subject: string): string =>
  subject
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString('latin1')
        : word
            .replace(/_/g, ' ')
            .replace(/=([0-9A-F]{2})/gi, (__, hex: string) =>
              String.fromCharCode(Number.parseInt(hex, 16)),
            ),
    );

test('on the wire no name makes a header of its own, and names of any language arrive', async () => {
  const target = await mailServer();
  const nasty = fc.string({
    unit: fc.constantFrom(
      'a',
      'ü',
      '字',
      ' ',
      '\r',
      '\n',
      '"',
      '<',
      '>',
      ':',
      ',',
      '\\',
      '=?',
      '.',
    ),
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(nasty, nasty, nasty, async (routerId, name, reason) => {
      target.received.length = 0;
      const { sink } = post();
      const one = through(target.port);
      sink.configure({
        ...one,
        global: { ...one.global, routerId },
        instances: [instance(name, { smtpAlert: true })],
      });
      sink.tell(news('MASTER', { name, reason }));
      await sink.settled(20_000);
      const [got] = target.received;
      assert.ok(got !== undefined);
      const head = got.raw.slice(0, got.raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
      const names = head.split('\r\n').map((line) => line.split(':')[0]);
      assert.deepEqual([...names].sort(), [
        ...['Auto-Submitted', 'Content-Transfer-Encoding', 'Content-Type', 'Date', 'From'],
        ...['MIME-Version', 'Message-ID', 'Subject', 'To', 'X-Mailer'],
      ]);
      assert.deepEqual(got.to, ['admin@example.org']);
    }),
    { numRuns: 60 },
  );
  await target.close();
});

test('a subject in another language reads as it was meant', async () => {
  const target = await mailServer();
  const { sink } = post();
  const one = through(target.port);
  const name = 'Büro "Süd", 東京';
  const instances = [instance(name, { smtpAlert: true })];
  sink.configure({ ...one, instances });
  sink.tell(news('MASTER', { name }));
  await sink.settled(20_000);
  const subject = headerOf(target.received[0]?.raw ?? '', 'Subject');
  const shown = Buffer.from(decoded(subject), 'latin1').toString('utf8');
  assert.equal(shown, `[lb1] VRRP Instance ${name} - Entering MASTER state`);
  await target.close();
});
