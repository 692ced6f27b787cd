/**
 * `nginx { }`: an nginx that holdfast supervises. Validated, defaults filled in; times as Duration.
 */
import type { Duration } from '../time';

export interface Nginx {
  /** what logs and commands call it; 'nginx' where the block has no name. */
  readonly name: string;
  /** binary: the program, an absolute path. */
  readonly binary: string;
  /** config: handed over with -c; null: the program's own default. */
  readonly config: string | null;
  /** pid_file: where the master writes its number. */
  readonly pidFile: string;
  /** systemd_unit: started, reloaded and stopped through systemd; null: by holdfast itself. */
  readonly systemdUnit: string | null;
  /** null: whether it answers is not looked at. */
  readonly probe: Probe | null;
  /** workers: this many of the current generation at least, 1 or more. */
  readonly workersMin: number;
  /** on_failure: what a dead or deaf nginx does to the instances. 0 is a fault. */
  readonly weight: number;
  /** grace: how long a restart may take before the address is given away. */
  readonly grace: Duration;
  readonly restart: Restart;
  /** start_on_master_only: a standby runs no nginx, and that is no failure. */
  readonly masterOnly: boolean;
  /** instances: whom it concerns; null: all of them. */
  readonly instances: readonly string[] | null;
}

export interface Restart {
  /** attempts: starts before it is given up, at least 1. */
  readonly attempts: number;
  /** within: the time in which they are counted. */
  readonly within: Duration;
  /** backoff: the pause after the first start that failed; it doubles each time. */
  readonly backoff: Duration;
}

export interface Probe {
  /** without a name to look up: an address. */
  readonly address: string;
  readonly port: number;
  readonly tls: boolean;
  /** beginning with '/'. */
  readonly path: string;
  /** the Host header. */
  readonly host: string;
  /** inclusive ranges, 100..599. */
  readonly status: readonly (readonly [number, number])[];
  readonly interval: Duration;
  readonly timeout: Duration;
  /** answers in a row to be well again, at least 1. */
  readonly rise: number;
  /** failures in a row to be ill, at least 1. */
  readonly fall: number;
  /** vip: asked through the first virtual address too, while it is held. */
  readonly throughVip: boolean;
}
