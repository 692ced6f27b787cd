/**
 * The model printed: it reads back as the same model, every field of it, and says nothing new.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadConfig } from '../../src/config/load';
import type { Config } from '../../src/config/model';
import { print } from '../../src/config/print';
import { durationFields, type Json, toJson } from '../../src/config/print-json';
import { configText } from './arbitrary-text';
import { leavesOf, modelFields } from './model-fields';

const folder = join(process.cwd(), 'test/config');
const fixtures = readdirSync(folder).filter((name) => name.endsWith('.conf'));

/** What it reads back as, when it is not the same. */
function assertReadsBack(config: Config): void {
  const text = print(config);
  const again = loadConfig('printed', text);
  const errors = again.diagnostics.filter(({ severity }) => severity === 'error');
  assert.deepEqual(
    errors.map(({ what }) => what),
    [],
    text,
  );
  assert.deepEqual(again.config, config, text);
  assert.equal(again.config && print(again.config), text);
}

for (const name of fixtures) {
  const { config } = loadConfig(name, readFileSync(join(folder, name), 'utf8'));
  if (config !== null) test(`${name} reads back`, () => assertReadsBack(config));
}

test('any configuration reads back', () => {
  fc.assert(
    fc.property(configText, (text) => {
      const { config } = loadConfig('t', text);
      if (config !== null) assertReadsBack(config);
    }),
    { numRuns: 200 },
  );
});

/** Fields that a file cannot make different, and why. */
const constant: readonly RegExp[] = [
  // A rule without a priority is given one of its own.
  /(Rules)\[\]\.action\.priority$/,
  // These metrics cannot be locked.
  /metrics\.(window|initcwnd|initrwnd|hoplimit|quickack|fastopen_no_cookie)\.lock$/,
  // Only what is static can take instances down with it, and only what is not can have a VMAC.
  /^instances\[\]\.(addresses|excluded|virtualRoutes|virtualRules)\[\]\.trackGroup$/,
  /^staticAddresses\[\]\.useVmac$/,
  // A group is not told of these.
  /^groups\[\]\.notify\.(deleted|tellsDeleted|lowerAdvert)\b/,
];

test('in what reads back, every field of the model is different at times', () => {
  const seen = new Map<string, Set<string>>();
  let accepted = 0;
  for (const text of fc.sample(configText, { numRuns: 400, seed: 1 })) {
    const { config } = loadConfig('t', text);
    if (config === null) continue;
    accepted++;
    leavesOf(config, (path, value) => {
      const values = seen.get(path) ?? new Set();
      seen.set(path, values);
      if (values.size < 2) values.add(String(value));
    });
  }
  assert.ok(accepted > 300, `${accepted} of 400 accepted`);
  const still = modelFields()
    .map(({ path }) => path)
    .filter((path) => (seen.get(path)?.size ?? 0) < 2);
  assert.deepEqual(
    still.filter((path) => !constant.some((one) => one.test(path))),
    [],
  );
});

test('passwords and keys can be left out, and nothing else is', () => {
  const text = `vrrp_instance A {
    interface eth0
    virtual_router_id 1
    authentication { auth_type PASS\n auth_pass one }
  }
  vrrp_instance B {
    interface eth0
    virtual_router_id 2
    version 3
    virtual_ipaddress { 192.0.2.1 }
    auth_hmac {
      key 1 hex:${'5a'.repeat(32)}
      active_key 1
    }
  }
  SSL { password two }
  holdfast {
    notify_webhook https://h.example/
    webhook_bearer three
  }`;
  const { config } = loadConfig('t', text.replace(/ (auth_type|password|active_key) /g, '\n $1 '));
  assert.ok(config !== null);
  const hidden = [
    print(config, { secrets: false }),
    JSON.stringify(toJson(config, { secrets: false })),
  ];
  for (const shown of hidden) assert.doesNotMatch(shown, /\bone\b|\btwo\b|\bthree\b|5a5a|90,90/);
  const lines = (secrets: boolean): readonly string[] => print(config, { secrets }).split('\n');
  const differing = lines(true).filter((line, i) => line !== lines(false)[i]);
  assert.deepEqual(
    differing.map((line) => line.trim().split(' ')[0]),
    ['password', 'auth_pass', 'key', 'webhook_bearer'],
  );
});

test('the fields that JSON shows in seconds are those of type Duration', () => {
  const fields = modelFields();
  const wrong = fields.filter(({ name, isDuration }) => isDuration !== durationFields.has(name));
  assert.deepEqual(
    wrong.map(({ path, isDuration }) => `${path} ${isDuration ? 'is' : 'is not'} a Duration`),
    [],
  );
  const names = new Set(fields.map(({ name }) => name));
  assert.deepEqual(
    [...durationFields].filter((name) => !names.has(name)),
    [],
  );
});

test('JSON holds every field of the model, and nothing else', () => {
  const shape = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shape)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .map(([key, one]) => [key, shape(one)] as const)
              .sort(([a], [b]) => (a < b ? -1 : 1)),
          )
        : typeof value;
  for (const name of fixtures) {
    const { config } = loadConfig(name, readFileSync(join(folder, name), 'utf8'));
    if (config === null) continue;
    const json: Json = toJson(config);
    assert.deepEqual(shape(json), shape(config));
    assert.equal(JSON.stringify(json), JSON.stringify(JSON.parse(JSON.stringify(json))));
  }
});
