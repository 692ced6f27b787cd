/**
 * Whatever the files: a simulation ends, is the same every time, and says of failures what
 * check --peer says of them.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { nowhere } from '../../src/config/host';
import { loadConfig } from '../../src/config/load';
import { endsOf, pairsOf, winnersOf } from '../../src/config/peer/ends';
import { createHost } from '../../src/drivers/host';
import { type Planned, parseDeed, parseFailure, wordsOf } from '../../src/simulate/deed';
import { nginxChecks } from '../../src/simulate/nginx-checks';
import { renderReport } from '../../src/simulate/render';
import { type Report, simulate } from '../../src/simulate/simulate';
import type { NodeFile } from '../../src/simulate/world';

function nodeFile(name: string, text: string, host = nowhere): NodeFile | null {
  const loaded = loadConfig(`${name}.conf`, text, host);
  const { config } = loaded;
  return config === null ? null : { name, file: `${name}.conf`, loaded, host, config };
}

/** With every failure that these files have a word for, one after another, and back. */
function failures(files: readonly NodeFile[]): readonly Planned[] {
  const all = { nodes: files.map((file) => wordsOf(file, nginxChecks(file))) };
  const words = all.nodes.flatMap(({ name, scripts, interfaces, nginx }) => [
    `node@${name}`,
    ...scripts.slice(0, 3).map((one) => `script:${one}@${name}`),
    ...interfaces.slice(0, 2).map((one) => `interface:${one}@${name}`),
    ...(nginx.length === 0 ? [] : [`nginx@${name}`]),
  ]);
  return words.flatMap((word) => {
    const pair = parseFailure(word, all);
    assert.ok(!('what' in pair), `${word}: ${JSON.stringify(pair)}`);
    return pair;
  });
}

const corpus = process.env['HOLDFAST_CORPUS'];

function confFiles(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) return confFiles(file);
    return name.endsWith('.conf') ? [file] : [];
  });
}

test('real files, twice each, and everything that can fail there', (t) => {
  if (corpus === undefined || !existsSync(corpus)) return t.skip('HOLDFAST_CORPUS is not set');
  const host = { ...createHost({ configId: 'a' }), interfaces: null, random: (min: number) => min };
  let ran = 0;
  for (const file of confFiles(corpus)) {
    const text = readFileSync(file, 'utf8');
    const files = ['a', 'b'].flatMap((name) => nodeFile(name, text, host) ?? []);
    if (files.length < 2 || (files[0]?.config.instances.length ?? 0) > 20) continue;
    const report = simulate(files, failures(files).slice(0, 12));
    const said = renderReport(report);
    assert.doesNotMatch(said, /undefined|NaN|\bnull\b/, file);
    ran++;
  }
  assert.ok(ran > 40, `${ran} files`);
});

const one = (...values: readonly string[]) => fc.constantFrom(...values);

const side = fc.record({
  priority: fc.integer({ min: 90, max: 110 }),
  preempt: one('', 'nopreempt'),
  weights: fc.tuple(fc.constantFrom(0, 2, 5, 10, -5, -20), fc.constantFrom(null, 0, 3, -3, 30)),
});
type Side = typeof side extends fc.Arbitrary<infer T> ? T : never;

const textOf = ({ priority, preempt, weights: [first, second] }: Side): string => `
vrrp_script chk {
  script "/bin/chk"
  interval 1
  weight ${first}
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  version 3
  advert_int 0.1
  priority ${priority}
  ${preempt}
  virtual_ipaddress {
    192.0.2.100
  }
  track_script {
    chk
  }
  ${second === null ? '' : `track_interface {\n eth1 weight ${second}\n}`}
}
`;

const holder = (report: Report): string => report.end[0]?.heldBy.join() ?? '';

test('who is master, and whom a failure moves, is what check --peer says', () => {
  fc.assert(
    fc.property(side, side, (own, other) => {
      // It waits for its script's first result; with nopreempt the other may be master by then.
      fc.pre([own, other].every((one) => one.preempt === '' || one.weights[0] !== 0));
      const files = [nodeFile('own', textOf(own)), nodeFile('peer', textOf(other))];
      const [here, there] = files;
      assert.ok(here != null && there != null);
      const [pair] = pairsOf(endsOf(here.loaded.built), endsOf(there.loaded.built));
      assert.ok(pair !== undefined);
      const { atRest, cases } = winnersOf(pair);
      const first = simulate([here, there], []);
      // Of equal ones whoever is first: a check without a weight is waited for.
      const either = holder(first) === 'own' ? 'own' : 'peer';
      const expected = { own: 'own', peer: 'peer', either, nobody: '' }[atRest];
      assert.equal(holder(first), expected);
      for (const { master, at, fails, succession } of cases) {
        if (at !== 'master' || fails === null || master !== expected) continue;
        const deed =
          fails.kind === 'script' ? `fail script ${fails.name}` : `down interface ${fails.name}`;
        const planned = parseDeed(`${deed} on ${master}`, {
          nodes: [here, there].map((file) => wordsOf(file, [])),
        });
        assert.ok(!('what' in planned));
        const after = holder(simulate([here, there], [planned]));
        const standby = master === 'own' ? 'peer' : 'own';
        const who = { 'takes-over': standby, nobody: '' }[succession as string] ?? master;
        assert.equal(after, who, `${fails.kind} ${fails.name}: ${succession}`);
      }
    }),
    { numRuns: 150 },
  );
});

test('the same files and deeds give the same report', () => {
  fc.assert(
    fc.property(side, side, (own, other) => {
      const files = [nodeFile('own', textOf(own)), nodeFile('peer', textOf(other))];
      const both = files.filter((file) => file !== null);
      assert.deepEqual(simulate(both, failures(both)), simulate(both, failures(both)));
    }),
    { numRuns: 20 },
  );
});

test('any words are answered', () => {
  const file = nodeFile('a', textOf({ priority: 100, preempt: '', weights: [2, null] }));
  assert.ok(file !== null);
  const all = { nodes: [wordsOf(file, nginxChecks(file))] };
  const word = fc.oneof(
    // An answer quotes what was typed.
    fc.string().filter((text) => !/undefined|NaN/.test(text)),
    one(
      't=5',
      'kill',
      'nginx',
      'on',
      'a',
      'script',
      'chk',
      'set',
      'file',
      'cut',
      'up',
      'interface',
    ),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 7 }), (words) => {
      const answer = parseDeed(words.join(' '), all);
      if ('what' in answer) assert.doesNotMatch(`${answer.what} ${answer.help}`, /undefined|NaN/);
      const short = parseFailure(words.join('@'), all);
      if ('what' in short) assert.doesNotMatch(`${short.what} ${short.help}`, /undefined|NaN/);
    }),
    { numRuns: 2000 },
  );
});
