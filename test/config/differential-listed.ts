/**
 * Where `keepalived -t` 2.2.7 and `holdfast check` do not say the same of one file, and why each
 * time. Whatever is not listed here is a mistake, of the table, a builder or --compat.
 */

export interface Difference {
  readonly why: string;
  /** what keepalived says and we do not, or not for this reason. */
  readonly keepalived?: RegExp;
  /** the code of a finding for which keepalived has no words. */
  readonly holdfast?: string;
  /** `holdfast` holds for these findings alone. */
  readonly what?: RegExp;
}

export const differences: readonly Difference[] = [
  {
    why: '2.2.7 counts the words behind some keywords; the same files pass in later versions',
    keepalived:
      /Extra parameter|Invalid (vrrp_rx_bufs_multiplier|enable_sni)|invalid kernel_rx_buf_size/,
  },
  {
    why: '2.2.7 counts the words behind some keywords; the same files pass in later versions',
    keepalived: /missing or extra parameters|has extra parameters|extra_if '.*' invalid/,
  },
  {
    why: 'vrrp_strict takes no value in 2.2.7, so `vrrp_strict no` is strict there',
    keepalived: /[Ss]trict mode/,
  },
  {
    why: 'scripts run at fractions of a second in later versions',
    keepalived: /vrrp script (interval|timeout) '.*'|^invalid number '\d+\.\d+'/,
  },
  {
    why: 'a name is looked up in the DNS; a check does not ask the network',
    keepalived: /Invalid smtp server/,
  },
  {
    why: 'which users there are is asked for commands that run, and a number is one, too',
    keepalived: /Error setting global script uid\/gid|Unable to set (default user|uid\/gid)/,
  },
  {
    why: 'programs and users of checkers and of scripts that nobody tracks are not looked for',
    keepalived: /Failed to set uid\/gid|since not found\/accessible|track script .* not found/,
  },
  {
    why: 'a DNS name of one-letter labels is taken for one with an empty label by 2.2.7 alone',
    keepalived: /has empty label/,
  },
  {
    why: 'no reply can have the length; it never counts, as no reply is asked for',
    keepalived: /min_reply length .* > max_reply_length/,
  },
  {
    why: 'whether the interface of what is not carried out is there is not asked',
    keepalived: /interface .* doesn't exist|Non-existent interface|specified for up\/down delay/,
  },
  {
    why: 'names of tables are left to the machine, with a note',
    keepalived: /Routing table .* not found/,
  },
  {
    why: 'exact and none are words of later versions',
    keepalived: /Invalid param_match type (exact|none)/,
  },
  {
    why: 'a line for another host is not read at all',
    keepalived: /^(Unterminated|Unmatched) quote:? '@/,
  },
  {
    why: 'scripts that nobody tracks, and those of checkers, do not run here',
    keepalived: /SECURITY VIOLATION/,
  },
  {
    why: '2.2.7 counts the words behind some keywords; the same files pass in later versions',
    keepalived: /^invalid number 'zork'/,
  },
  {
    why: 'an interface named twice in one garp_group is one',
    keepalived: /garp_group already specified/,
  },
  {
    why: 'an address that is listed twice is told by later versions alone',
    holdfast: 'duplicate',
    what: /is listed already/,
  },
  {
    why: 'more words behind the name of a file are a name to keepalived, that no file has',
    holdfast: 'unknown-keyword',
    what: /'zork'/,
  },
  {
    why: 'a TTL of 0 is sent, and reaches nobody',
    holdfast: 'out-of-range',
    what: /TTL of 0/,
  },
  {
    why: 'a number that no table can have is taken, and the kernel refuses it',
    holdfast: 'bad-rule',
    what: /is not a routing table/,
  },
  {
    why: 'times above 136 years are no longer exact in microseconds',
    holdfast: 'out-of-range',
    what: /(delay_loop|delay_before_retry|warmup) must be/,
  },
  {
    why: 'keepalived takes anything for `on` here, its later versions do not',
    holdfast: 'bad-boolean',
    what: /vrrp_skip_check_adv_addr/,
  },
  {
    why: 'words of regex are not looked at by -t',
    holdfast: 'missing-parameter',
    what: /regex_/,
  },
  { why: 'words of regex are not looked at by -t', holdfast: 'not-a-number', what: /regex_/ },
  { why: 'words of regex are not looked at by -t', holdfast: 'out-of-range', what: /regex_/ },
  {
    why: 'some words without their value are passed over in silence',
    holdfast: 'missing-parameter',
    what: /'(smtp_helo_name|script|misc_path)'/,
  },
  {
    why: 'the keyword is taken without a peer, and then means nothing',
    holdfast: 'unicast-without-peer',
    what: /unicast_fault_no_peer/,
  },
];

/** It does not start: the process of the part ends, and all others with it. */
export const fatal =
  /router id must be set|at least one is required|missing a parameter|\) Unknown interface!/;

/** What cannot be told from the file any more; keepalived goes on with something. */
export const doubt: ReadonlySet<string> = new Set([
  ...['misplaced-block', 'missing-block', 'unterminated-quote', 'too-deep'],
]);

/** Braces that do not match, or a block that nobody knows: its '}' closes another one there. */
export const unlike: ReadonlySet<string> = new Set([
  ...['unknown-block', 'unexpected-brace', 'missing-brace', 'extra-brace', 'misplaced-block'],
  ...['missing-block', 'unterminated-quote'],
]);
