/**
 * The exit code that `keepalived -t` would give for the same findings: 0 when it reports nothing,
 * 2 for a value that is missing, 5 for what it reports, 6 for an insecure script or an include
 * that failed. It keeps only the numerically largest class, so a harmless report hides a worse
 * one: a missing VRID gives 5, as in keepalived.
 */
import type { Diagnostic } from './diagnostic';
import { slice } from './source';

const EXIT = { ok: 0, config: 2, reported: 5, security: 6 } as const;

/** Findings of holdfast's own: keepalived says nothing about them. */
const silent: ReadonlySet<string> = new Set([
  ...['extra-word', 'not-yet-active', 'nothing-to-do', 'refused'],
  ...['weight-without-effect', 'nopreempt-weight', 'strict-accept', 'not-the-owner'],
  ...['own-address', 'self-peer', 'virtual-peer', 'missing-notify', 'not-executable'],
  ...['classic-nginx-check', 'stops-keepalived', 'sleepy-script', 'shell-syntax', 'typographic'],
  // Of the load balancer: `-t` does not look at regular expressions and groups.
  ...['bad-regex', 'bad-regex-stack', 'no-regex', 'relative-path', 'no-tls', 'sni-without-host'],
  ...['bad-thresholds', 'check-without-port', 'old-host', 'reply-not-required', 'unknown-group'],
  ...['duplicate-virtual-server', 'engine-without-persistence', 'number-as-mask'],
  ...['quorum-out-of-reach'],
  ...['relative-path', 'shared-fifo', 'fifo-without-name', 'delay-capped', 'group-weight-drifts'],
  ...['one-own-interface', 'unused-script', 'uneven-group', 'stray-sign', 'undefined-name'],
  ...['mail-to-nobody', 'mail-without-server', 'bad-mail-address', 'password-in-clear'],
  ...['unused-ca', 'missing-file', 'open-password', 'half-login', 'two-passwords'],
  ...['repeated', 'duplicate-peer', 'first-not-link-local', 'prefix-ignored'],
]);

/** What is no more than a note here, and a report there. */
const loud: ReadonlySet<string> = new Set([
  ...['default-method', 'default-scheduler', 'deprecated', 'old-name'],
]);

/** Old names that it takes without a word. */
const quietOldNames = /^(lvs_(flush_onstop|process_name)|\w+_rlimit_rtime|vrrp_track_file)$/;

const isQuiet = ({ code, span }: Diagnostic): boolean =>
  code === 'old-name' && quietOldNames.test(slice(span));

/** An include that finds nothing is a line in its log, and no more unless a check is asked for. */
const isLenient = ({ code, severity }: Diagnostic): boolean =>
  severity === 'warning' && security.has(code);

const isMissing = ({ code, severity }: Diagnostic): boolean =>
  code === 'missing-parameter' && severity === 'error';

const security: ReadonlySet<string> = new Set(['include-nothing', 'include-unreadable']);
/** keepalived calls it a violation, and `-t` fails; a note is enough to learn it from. */
const violation = 'script-security';

export function compatExitCode(findings: readonly Diagnostic[]): number {
  const reported = findings.filter((one) =>
    loud.has(one.code)
      ? !isQuiet(one)
      : one.severity !== 'info' && !silent.has(one.code) && !isLenient(one),
  );
  // It ends at the first value that is not there, whatever else is wrong.
  if (reported.some(isMissing)) return EXIT.config;
  const failed = reported.some(({ code, severity }) => severity === 'error' && security.has(code));
  if (failed || findings.some(({ code }) => code === violation)) return EXIT.security;
  return reported.length > 0 ? EXIT.reported : EXIT.ok;
}
