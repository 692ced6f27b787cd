/**
 * The one entrance: text in, model and diagnostics out. Pure: opens no file, asks no system.
 */
import { type Built, build } from './build';
import { type Diagnostic, inFileOrder, onceEach } from './diagnostic';
import { expand } from './expand';
import { type Host, nowhere } from './host';
import type { Config, Track } from './model';
import { parse } from './parser';
import type { Inactive, Session } from './read';
import { rules } from './rules';
import { withHelp } from './slips';
import { createSource, spanOf } from './source';

export interface Loaded {
  /** null exactly when a diagnostic is an error. */
  readonly config: Config | null;
  /** in the order of the file. */
  readonly diagnostics: readonly Diagnostic[];
  /** what a daemon must not start without; in the file, but not carried out. */
  readonly inactive: readonly Inactive[];
  /** what could be built even beside errors, with its places; for whoever compares. */
  readonly built: Built;
}

export function loadConfig(
  name: string,
  text: string,
  host: Host = nowhere,
  reading: { readonly includeChecks?: boolean } = {},
): Loaded {
  const diagnostics: Diagnostic[] = [];
  const session: Session = {
    report: (one) => diagnostics.push(one),
    notYetActive: new Set(),
    inactive: [],
  };
  const source = createSource(name, text);
  const tokens = expand(source, { host, report: session.report, ...reading });
  const body = parse(source, tokens, session.report);
  const built = build(body, spanOf(source, 0, 0), session);
  for (const rule of rules) diagnostics.push(...rule(built, host));
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  return {
    config: failed ? null : freeze(withoutUnused(withoutUnknown(built.config))),
    diagnostics: onceEach(inFileOrder(diagnostics)).map(withHelp),
    inactive: session.inactive,
    built,
  };
}

/** A track_script that names no script tracks nothing; a rule has said so. */
function withoutUnknown(config: Config): Config {
  const known = new Set(config.scripts.map(({ name }) => name));
  const settled = <T extends { readonly trackScripts: readonly Track[] }>(one: T): T => ({
    ...one,
    trackScripts: one.trackScripts.filter(({ name }) => known.has(name)),
  });
  return {
    ...config,
    instances: config.instances.map(settled),
    groups: config.groups.map(settled),
  };
}

/** keepalived does not run a script that nobody tracks. */
function withoutUnused(config: Config): Config {
  const tracked = new Set(
    [...config.instances, ...config.groups].flatMap(({ trackScripts }) =>
      trackScripts.map(({ name }) => name),
    ),
  );
  return { ...config, scripts: config.scripts.filter(({ name }) => tracked.has(name)) };
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}
