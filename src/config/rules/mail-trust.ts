/**
 * Who can read the password of the mail server on its way, and on this host; and files without
 * which the server cannot be asked at all.
 */
import type { Built } from '../build';
import { type Diagnostic, info, warning } from '../diagnostic';
import type { Host } from '../host';
import { isSet, placeOf } from '../values';

export function mailTrust(built: Built, host: Host): readonly Diagnostic[] {
  return [...onTheWay(built), ...authorities(built, host), ...passwordFile(built, host)];
}

function onTheWay({ config, own }: Built): readonly Diagnostic[] {
  const { login, tls, server } = config.global.mail;
  if (login === null || tls === 'require' || tls === 'implicit') return [];
  if (server === null || isLoopback(server.host)) return [];
  return [
    warning('password-in-clear', placeOf(own, 'smtp_tls'), 'the password can be read on its way', {
      why:
        tls === 'off'
          ? 'nothing is encrypted'
          : 'whoever is between us and the server can take out its offer to encrypt',
      help: 'smtp_tls require, or implicit for port 465',
    }),
  ];
}

const isLoopback = (host: string): boolean => /^(localhost|127\..*|::1)$/.test(host);

function authorities({ config, own }: Built, host: Host): readonly Diagnostic[] {
  const { tls, tlsAuthorities } = config.global.mail;
  if (tlsAuthorities === null || !isSet(own, 'smtp_tls_ca')) return [];
  const place = placeOf(own, 'smtp_tls_ca');
  if (tls === 'off' || tls === 'starttls') {
    return [
      warning('unused-ca', place, `no certificate is checked with smtp_tls ${tls}`, {
        label: 'without effect',
        help: 'smtp_tls require, or implicit for port 465',
      }),
    ];
  }
  return host.reads(tlsAuthorities) === 'missing' ? [missing(place, tlsAuthorities)] : [];
}

function passwordFile({ config, own }: Built, host: Host): readonly Diagnostic[] {
  const file = config.global.mail.login?.passwordFile ?? null;
  const place = placeOf(own, 'smtp_password_file');
  if (file === null) {
    // The configuration is read by many, and printed into many a ticket.
    const inFile = config.global.mail.login !== null;
    return inFile
      ? [
          info('password-in-file', placeOf(own, 'smtp_user'), 'the password is in this file', {
            help: 'smtp_password_file and a file of mode 600',
          }),
        ]
      : [];
  }
  switch (host.reads(file)) {
    case 'missing':
      return [missing(place, file)];
    case 'everybody':
      return [
        warning('open-password', place, 'everybody on this host can read the password', {
          help: `chmod 600 ${file}`,
        }),
      ];
    case 'some':
    case null:
      return [];
  }
}

const missing = (place: Parameters<typeof warning>[1], file: string): Diagnostic =>
  warning('missing-file', place, `there is no file '${file}'`, {
    label: 'no mail is sent until there is',
  });
