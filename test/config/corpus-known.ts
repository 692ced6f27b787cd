/**
 * What is known of the real files by their names: which of them keepalived does not start with,
 * and which faults they hold and where.
 */

/** An instance without an interface that could be one. */
export const refused: ReadonlySet<string> = new Set(['wild/032.conf', 'wild/047.conf']);

const wild: readonly (readonly [name: string, ...faults: readonly string[]])[] = [
  ['001', '10 unknown-keyword'],
  ['002', '18 nopreempt-cleared'],
  ['004', '13 extra-word', '20 password-cut', '23 bad-address'],
  ['008', '16 out-of-range', '17 out-of-range', '20 strict-accept', '26 auth-dropped'],
  ['010', '24 password-cut'],
  ['013', '30 tracks-own-interface', '34 unknown-script'],
  ['016', '28 out-of-range'],
  ['020', '16 password-cut'],
  ['023', '3 extra-word'],
  ['026', '22 no-addresses'],
  ['029', '8 tracks-own-interface'],
  ['031', '8 bad-command'],
  ['032', '8 bad-interface', '20 password-cut', '23 bad-address'],
  ['035', '15 late-script'],
  ['037', '31 bad-choice', '33 unknown-keyword', '34 out-of-range'],
  ['038', '7 port-differs'],
  ['041', '11 out-of-range', '24 deprecated'],
  ['043', '35 unknown-keyword', '44 unknown-keyword'],
  ['047', '7 missing-interface', '9 unknown-keyword'],
  ['049', '2 no-protocol'],
  ['050', '15 check-without-url'],
  ['052', '24 bad-address'],
  ['059', '6 unused-script', '8 unknown-keyword', '25 unknown-script'],
  ['061', '19 extra-word'],
  ['062', '18 unknown-keyword', '22 password-cut'],
  ['068', '14 nopreempt-cleared', '21 password-cut'],
  ['070', '14 nopreempt-cleared', '21 password-cut'],
  ['073', '23 bad-choice', '25 unknown-keyword', '26 out-of-range'],
  ['076', '25 unknown-track'],
  ['077', '20 group-ignores-weight', '29 group-of-one'],
  ['080', '13 unused-script', '20 extra-word', '29 bad-address-option'],
  ['083', '53 missing-brace'],
  ['085', '35 password-cut', '38 nopreempt-cleared'],
  ['086', '24 missing-block', '30 unknown-block', '37 extra-brace'],
];

/** `line code`, each of which is told, whatever else is. */
export const faultsOf: ReadonlyMap<string, readonly string[]> = new Map(
  wild.map(([name, ...faults]) => [`wild/${name}.conf`, faults]),
);
