/**
 * Mail: global_defs says to whom and through which server, as keepalived has it; holdfast's own
 * block says how the server is to be trusted and who we are to it.
 */
import { type Duration, seconds } from '../time';
import { type Report, warning } from './diagnostic';
import type { Mail, MailLogin, MailTls } from './model-mail';
import type { Reading } from './read';
import { booleanOf, directiveOf, durationOf, isSet, namesOf, placeOf, textOf } from './values';

const smtpPort = 25;
/** RFC 8314 §3.3: submission over implicit TLS. */
const implicitPort = 465;

export function buildMail(globals: Reading, own: Reading, report: Report): Mail {
  const timeout = durationOf(globals, 'smtp_connect_timeout');
  const login = buildLogin(own, report);
  // A password is not told to everybody on the way, unless somebody says so.
  const tls = (textOf(own, 'smtp_tls') ?? (login === null ? 'off' : 'require')) as MailTls;
  return {
    to: namesOf(globals, 'notification_email').map((word) => word.text),
    from: textOf(globals, 'notification_email_from'),
    server: buildServer(globals, tls, report),
    connectTimeout: timeout === 0 ? oneSecond(globals, report) : (timeout ?? seconds(30)),
    heloName: textOf(globals, 'smtp_helo_name'),
    faults: !isSet(globals, 'no_email_faults'),
    checkers: booleanOf(globals, 'smtp_alert_checker') ?? booleanOf(globals, 'smtp_alert'),
    eachChecker: !(booleanOf(globals, 'no_checker_emails') ?? false),
    tls,
    tlsAuthorities: textOf(own, 'smtp_tls_ca'),
    login,
  };
}

function buildLogin(own: Reading, report: Report): MailLogin | null {
  const user = textOf(own, 'smtp_user');
  const password = textOf(own, 'smtp_password');
  const passwordFile = textOf(own, 'smtp_password_file');
  if (password !== null && passwordFile !== null) {
    report(
      warning(
        'two-passwords',
        own.entries.get('smtp_password')?.[0]?.directive.keyword.span ?? own.span,
        'smtp_password and smtp_password_file are two answers',
        {
          label: 'the file counts',
        },
      ),
    );
  }
  if (user !== null && (password !== null || passwordFile !== null)) {
    return { user, password: passwordFile === null ? password : null, passwordFile };
  }
  const lonely = ['smtp_user', 'smtp_password', 'smtp_password_file'].find((word) =>
    own.entries.has(word),
  );
  if (lonely === undefined) return null;
  const lacks = user === null ? 'smtp_user' : 'smtp_password_file';
  const { span } = directiveOf(own, lonely)?.keyword ?? own;
  report(
    warning('half-login', span, `${lonely} without ${lacks}`, {
      label: 'the mail server is not logged in to',
      help: `add ${lacks}`,
    }),
  );
  return null;
}

function oneSecond(globals: Reading, report: Report): Duration {
  report(
    warning(
      'out-of-range',
      placeOf(globals, 'smtp_connect_timeout'),
      'smtp_connect_timeout must be more than 0',
      { label: '1 second counts' },
    ),
  );
  return seconds(1);
}

function buildServer(globals: Reading, tls: MailTls, report: Report): Mail['server'] {
  const [host, port] = directiveOf(globals, 'smtp_server')?.words ?? [];
  if (host === undefined) return null;
  const usual = tls === 'implicit' ? implicitPort : smtpPort;
  if (port === undefined) return { host: host.text, port: usual };
  const number = /^\d+$/.test(port.text) ? Number(port.text) : 0;
  if (number >= 1 && number <= 65535) return { host: host.text, port: number };
  report(
    warning('out-of-range', port.span, `a port must be 1..65535, found '${port.text}'`, {
      label: 'no mail is sent',
      why: 'keepalived leaves out the whole server',
      help: `smtp_server ${host.text} ${usual}`,
    }),
  );
  return null;
}
