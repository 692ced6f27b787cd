/**
 * Mail as the configuration has it: to whom, from whom, through which server, and how. Pure types.
 */
import type { Duration } from '../time';

export interface Mail {
  /** notification_email */
  readonly to: readonly string[];
  /** notification_email_from; null: whom we run as, at the host's name. */
  readonly from: string | null;
  /** smtp_server; null: no mail is sent. */
  readonly server: { readonly host: string; readonly port: number } | null;
  /** smtp_connect_timeout, at least 1 s; also how long each answer may take. */
  readonly connectTimeout: Duration;
  /** smtp_helo_name; null: the host's name. */
  readonly heloName: string | null;
  /** no_email_faults is false. */
  readonly faults: boolean;
  /** smtp_alert_checker, else smtp_alert; null: as each server says. */
  readonly checkers: boolean | null;
  /** no_checker_emails is false. */
  readonly eachChecker: boolean;
  readonly tls: MailTls;
  /** holdfast { smtp_tls_ca }: a PEM file of what to trust; null: what Node.js trusts. */
  readonly tlsAuthorities: string | null;
  readonly login: MailLogin | null;
}

/**
 * holdfast { smtp_tls }. starttls: encrypted when the server offers it, whoever it is. require and
 * implicit: never without, and the certificate must be valid for the name of smtp_server.
 */
export type MailTls = 'off' | 'starttls' | 'require' | 'implicit';

export interface MailLogin {
  /** holdfast { smtp_user } */
  readonly user: string;
  /** holdfast { smtp_password }; null: it is in the file. */
  readonly password: string | null;
  /** holdfast { smtp_password_file }: its first line; read for each connection. */
  readonly passwordFile: string | null;
}
