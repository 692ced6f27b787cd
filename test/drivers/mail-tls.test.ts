/** Mail over TLS and with a login, through a real server: who is trusted, who gets the password. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { before, describe, it } from 'node:test';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { Mail, MailLogin, MailTls } from '../../src/config/model-mail';
import { until } from '../lab/until';
import { news, post, through } from './mail-news';
import { scratch } from './scratch';

/** Bounds a failure only. */
const LONG_MS = 20_000;

const files = scratch();

/** An authority, a certificate of it for 127.0.0.1, and one that nobody vouches for. */
before(() => {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: 'pipe' });
  };
  const key = (name: string): string[] => [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '2', '-subj', `/CN=${name}`],
    ...['-keyout', files.at(`${name}.key`), '-out', files.at(`${name}.crt`)],
  ];
  openssl(...key('authority'));
  openssl(...key('stranger'), '-addext', 'subjectAltName=IP:127.0.0.1');
  const authority = ['-CA', files.at('authority.crt'), '-CAkey', files.at('authority.key')];
  for (const [name, host] of [
    ['server', '127.0.0.1'],
    ['elsewhere', '192.0.2.1'],
  ] as const) {
    const request = key(name).filter(
      (word) => word !== '-x509' && word !== '-days' && word !== '2',
    );
    openssl(...request.map((word) => word.replace(/\.crt$/, '.csr')));
    writeFileSync(files.at(`${name}.ext`), `subjectAltName=IP:${host}\n`);
    openssl(
      ...['x509', '-req', '-in', files.at(`${name}.csr`), ...authority, '-CAcreateserial'],
      ...['-days', '2', '-extfile', files.at(`${name}.ext`), '-out', files.at(`${name}.crt`)],
    );
  }
});

interface Taken {
  readonly secure: boolean;
  readonly user: string | null;
}

interface Guarded {
  readonly port: number;
  readonly taken: Taken[];
  /** every password that it was told. */
  readonly logins: string[];
}

async function withServer(
  options: SMTPServerOptions & { readonly certificate?: string },
  body: (server: Guarded) => Promise<void>,
): Promise<void> {
  const { certificate = 'server', ...rest } = options;
  const taken: Taken[] = [];
  const logins: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    key: readFileSync(files.at(`${certificate}.key`)),
    cert: readFileSync(files.at(`${certificate}.crt`)),
    onAuth: ({ username, password }, _, answer) => {
      logins.push(`${username}:${password}`);
      if (password === 's3cret') answer(null, { user: username });
      else answer(new Error('wrong password'));
    },
    onData: (stream, { secure, user }, done) => {
      stream.resume();
      stream.on('end', () => {
        // The library's types do not know that it may be false.
        taken.push({ secure, user: typeof user === 'string' ? user : null });
        done();
      });
    },
    ...rest,
  });
  // A handshake that is broken off is what some of the tests are about.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    await body({ port: (server.server.address() as AddressInfo).port, taken, logins });
  } finally {
    await new Promise<void>((resolve) => {
      server.close(resolve);
    });
  }
}

const trusting = (tls: MailTls, change: Partial<Mail> = {}): Partial<Mail> => ({
  tls,
  tlsAuthorities: files.at('authority.crt'),
  ...change,
});

const login = (password: string | null, passwordFile: string | null = null): MailLogin => ({
  user: 'lb1',
  password,
  passwordFile,
});

/** What was taken, and why nothing was. */
async function sent(
  { port, taken }: Guarded,
  change: Partial<Mail>,
): Promise<{ readonly taken: readonly Taken[]; readonly why: string }> {
  const { sink, of } = post();
  sink.configure(through(port, change));
  sink.tell(news('MASTER'));
  await until(() => of('taken').length + of('unreachable').length > 0, { what: 'a try to end' });
  await sink.settled(LONG_MS);
  return { taken, why: of('unreachable')[0]?.why ?? '' };
}

describe('mail over TLS', { concurrency: 4 }, () => {
  for (const [tls, secure] of [
    ['off', false],
    ['starttls', true],
    ['require', true],
  ] as const) {
    it(`smtp_tls ${tls}, where the server offers it: encrypted is ${secure}`, () =>
      withServer({}, async (server) => {
        const said = await sent(server, trusting(tls));
        assert.deepEqual(said, { taken: [{ secure, user: null }], why: '' });
      }));
  }

  it('smtp_tls implicit is encrypted from the first octet', () =>
    withServer({ secure: true }, async (server) => {
      const said = await sent(server, trusting('implicit'));
      assert.deepEqual(said, { taken: [{ secure: true, user: null }], why: '' });
    }));

  const noOffer: SMTPServerOptions = { disabledCommands: ['STARTTLS'] };

  it('smtp_tls starttls goes without where it is not offered, require does not', async () => {
    await withServer(noOffer, async (server) => {
      const said = await sent(server, trusting('starttls'));
      assert.deepEqual(said.taken, [{ secure: false, user: null }]);
    });
    await withServer(noOffer, async (server) => {
      const said = await sent(server, trusting('require'));
      assert.deepEqual(said.taken, []);
      assert.match(said.why, /^5\d\d /);
    });
  });

  for (const [certificate, reason] of [
    ['stranger', /self[- ]signed/],
    ['elsewhere', /altnames|IP: 127.0.0.1/i],
  ] as const) {
    it(`a certificate of '${certificate}' gets nothing with require and implicit`, async () => {
      await withServer({ certificate }, async (server) => {
        const said = await sent(server, trusting('require', { login: login('s3cret') }));
        assert.deepEqual(said.taken, []);
        assert.match(said.why, reason);
        assert.deepEqual(server.logins, []);
      });
      await withServer({ certificate, secure: true }, async (server) => {
        const said = await sent(server, trusting('implicit'));
        assert.deepEqual(said.taken, []);
        assert.match(said.why, reason);
      });
    });

    it(`a certificate of '${certificate}' is encrypted all the same with starttls`, () =>
      withServer({ certificate }, async (server) => {
        assert.deepEqual((await sent(server, trusting('starttls'))).taken, [
          { secure: true, user: null },
        ]);
      }));
  }

  it('without smtp_tls_ca what the system trusts counts, and not our authority', () =>
    withServer({}, async (server) => {
      const said = await sent(server, trusting('require', { tlsAuthorities: null }));
      assert.deepEqual(said.taken, []);
      assert.match(said.why, /certificate/);
    }));
});

describe('mail with a login', { concurrency: 4 }, () => {
  it('sends the password of the file, without the end of its line', () =>
    withServer({}, async (server) => {
      writeFileSync(files.at('password'), 's3cret\n');
      chmodSync(files.at('password'), 0o600);
      const change = trusting('require', { login: login(null, files.at('password')) });
      assert.deepEqual((await sent(server, change)).taken, [{ secure: true, user: 'lb1' }]);
      assert.deepEqual(server.logins, ['lb1:s3cret']);
    }));

  it("a wrong password keeps the mail, and the reason is the server's", () =>
    withServer({}, async (server) => {
      const said = await sent(server, trusting('require', { login: login('wrong') }));
      assert.deepEqual(said.taken, []);
      assert.match(said.why, /^535 .*\(at the login\)$/);
    }));

  it('a file that is not there keeps the mail, and is named', () =>
    withServer({}, async (server) => {
      const change = trusting('require', { login: login(null, files.at('nowhere')) });
      const said = await sent(server, change);
      assert.deepEqual(said.taken, []);
      assert.match(said.why, /ENOENT.*nowhere/);
    }));

  it('a server without a login is told nothing', () =>
    withServer({ disabledCommands: ['AUTH'] }, async (server) => {
      const said = await sent(server, trusting('require', { login: login('s3cret') }));
      assert.deepEqual(said.taken, []);
      assert.match(said.why, /offers no login/);
    }));

  it('a server that wants one keeps the mail waiting, not refused', () =>
    withServer({ authOptional: false }, async (server) => {
      const said = await sent(server, trusting('require'));
      assert.deepEqual(said.taken, []);
      assert.match(said.why, /^530 /);
    }));
});
