/**
 * The model as canonical keepalived.conf text: the configuration that is in effect, with what it
 * inherited and every default that matters spelled out. Reads back as the same model. Text alone
 * is for print-*.ts, a file for each kind of object; here is their order, and what is not shown.
 */
import type { Config } from './model';
import { printGlobal, printOwn } from './print-global';
import { printInstance } from './print-instance';
import { printAddress, printRoute, printRule } from './print-network';
import { printNginx } from './print-nginx';
import {
  printGarpGroup,
  printGroup,
  printLinkDelays,
  printScript,
  printTrackFile,
  printTrackGroup,
  printTrackProcess,
} from './print-objects';
import { printServers } from './print-server';
import { printHost } from './print-system';
import { block, type Printed, printFile } from './print-text';

export interface PrintOptions {
  /** false: passwords become stars, and the text no longer reads back as the same model. */
  readonly secrets?: boolean;
}

export function print(config: Config, { secrets = true }: PrintOptions = {}): string {
  const blocks = printConfig(config);
  return printFile(secrets ? blocks : withoutSecrets(blocks));
}

/**
 * What is tracked stands above those that track it, as keepalived wants it; what keepalived does
 * not know stands last.
 */
export const printConfig = (config: Config): readonly Printed[] => [
  ...printHost(config.global.system),
  ...printGlobal(config),
  ...config.trackFiles.flatMap(printTrackFile),
  ...config.trackProcesses.flatMap(printTrackProcess),
  ...config.scripts.flatMap(printScript),
  ...printServers(config),
  ...config.instances.flatMap(printInstance),
  ...config.groups.flatMap(printGroup),
  ...config.trackGroups.map(printTrackGroup),
  ...config.garpGroups.flatMap(printGarpGroup),
  ...printLinkDelays(config.linkDelays),
  ...block(['static_ipaddress'], config.staticAddresses.map(printAddress)),
  ...block(['static_routes'], config.staticRoutes.map(printRoute)),
  ...block(['static_rules'], config.staticRules.map(printRule)),
  ...config.services.flatMap(printNginx),
  ...printOwn(config),
];

/** Lines whose last word is a secret: the block in which they stand, and their keyword. */
const secretLines: ReadonlySet<string> = new Set([
  'authentication auth_pass',
  'auth_hmac key',
  'SSL password',
  'holdfast webhook_bearer',
  'holdfast smtp_password',
]);

export const stars = '********';

/** The words of a line inside a block, the secret one as stars. */
export const withStars = (within: string, words: readonly string[]): readonly string[] =>
  secretLines.has(`${within} ${words[0] ?? ''}`) ? [...words.slice(0, -1), stars] : words;

const withoutSecrets = (lines: readonly Printed[], within = ''): readonly Printed[] =>
  lines.map(({ words, body }) => ({
    words: withStars(within, words),
    body: body === null ? null : withoutSecrets(body, words[0]),
  }));
