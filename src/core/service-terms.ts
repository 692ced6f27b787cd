/**
 * What is said about a supervised nginx between the core and its driver: what happens to one, and
 * what is ordered. `nginx` is always the name of its block.
 */
import type { Instant } from '../time';

/** A fault, here and below: '' is none, else what is wrong, in words. */
export type ServiceEvent =
  | NginxFound
  | NginxGone
  | NginxStarted
  | NginxStopped
  | NginxTested
  | NginxReloaded
  | NginxSurveyed
  | NginxProbed
  | NginxAsked;

interface Reported {
  readonly at: Instant;
  readonly nginx: string;
}

/** The pid file was read and the process looked at; pid null: `why` it is not running. */
export interface NginxFound extends Reported {
  readonly kind: 'nginx-found';
  readonly pid: number | null;
  readonly why: string;
}

/** A master process ended, however. */
export interface NginxGone extends Reported {
  readonly kind: 'nginx-gone';
  readonly pid: number;
}

export interface NginxStarted extends Reported {
  readonly kind: 'nginx-started';
  readonly outcome: Started;
}

export type Started =
  | { readonly kind: 'started'; readonly pid: number }
  /** `nginx -t` refused it; nothing was touched. */
  | { readonly kind: 'config-invalid'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

/** It was told to stop, and does not run any more. */
export interface NginxStopped extends Reported {
  readonly kind: 'nginx-stopped';
}

/** `nginx -t` has spoken. */
export interface NginxTested extends Reported {
  readonly kind: 'nginx-tested';
  readonly fault: string;
}

/** Its workers are of a new generation, or `fault`. */
export interface NginxReloaded extends Reported {
  readonly kind: 'nginx-reloaded';
  readonly ask: string;
  readonly fault: string;
  /** the configuration is to blame; the old one is served. */
  readonly invalid: boolean;
}

/** What /proc says of its processes, each a fault. */
export interface NginxSurveyed extends Reported {
  readonly kind: 'nginx-surveyed';
  readonly workers: string;
  readonly sockets: string;
  readonly genuine: string;
}

export type Through = 'loopback' | 'vip';

export interface NginxProbed extends Reported {
  readonly kind: 'nginx-probed';
  readonly through: Through;
  readonly fault: string;
}

export type Want = 'start' | 'stop' | 'restart' | 'reload';

/** By the operator; `ask` is what the answer names. */
export interface NginxAsked extends Reported {
  readonly kind: 'nginx-asked';
  readonly ask: string;
  readonly want: Want;
}

export type ServiceCommand =
  /** Read the pid file, look at the process, watch it. */
  | { readonly kind: 'nginx-look'; readonly nginx: string }
  /** Test the configuration and start; `kill`: end first what hangs. */
  | { readonly kind: 'nginx-start'; readonly nginx: string; readonly kill: boolean }
  /** In order: what it is serving may end. */
  | { readonly kind: 'nginx-stop'; readonly nginx: string }
  | { readonly kind: 'nginx-test'; readonly nginx: string }
  | { readonly kind: 'nginx-reload'; readonly nginx: string; readonly ask: string }
  | { readonly kind: 'nginx-survey'; readonly nginx: string }
  | NginxProbe
  /** It is in the configuration no more: watch it no more. */
  | { readonly kind: 'nginx-forget'; readonly nginx: string }
  | NginxAnswer;

export interface NginxProbe {
  readonly kind: 'nginx-probe';
  readonly nginx: string;
  readonly through: Through;
  /** vip: where to ask; null: where the probe says. */
  readonly address: string | null;
}

/** What came of something asked. */
export interface NginxAnswer {
  readonly kind: 'nginx-answer';
  readonly ask: string;
  readonly ok: boolean;
  readonly said: string;
}

export function isServiceCommand(command: { readonly kind: string }): command is ServiceCommand {
  return command.kind.startsWith('nginx-');
}

export function isServiceEvent(event: { readonly kind: string }): event is ServiceEvent {
  return event.kind.startsWith('nginx-');
}
