/** A good file, and the slips of those who write such files: what is typed, and what must be said. */
export const GOOD = `global_defs {
    router_id lb1
    enable_script_security
    script_user root
}
vrrp_script chk_web {
    script "/usr/bin/test -e /run/nginx.pid"
    interval 2
    timeout 1
    weight -60
    fall 2
    rise 2
}
vrrp_instance VI_1 {
    state BACKUP
    interface lo
    virtual_router_id 41
    priority 150
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass k9Tz2qLw
    }
    unicast_src_ip 192.0.2.1
    unicast_peer {
        192.0.2.2
        192.0.2.3
    }
    virtual_ipaddress {
        192.0.2.100/32
        192.0.2.101/32
    }
    track_script {
        chk_web
    }
    notify_master "/usr/bin/test -e /run/told"
}
`;

export interface Mistake {
  readonly name: string;
  /** what stands in the good file, and what is typed in its place. */
  readonly typed: readonly [good: string, bad: string];
  readonly line: number;
  readonly code: string;
  /** a word of the way out, in what is said about it. */
  readonly names: RegExp;
}

const mistake = (
  name: string,
  typed: readonly [string, string],
  line: number,
  code: string,
  names: RegExp,
): Mistake => ({ name, typed, line, code, names });

const after = (line: string, more: string): readonly [string, string] => [
  line,
  `${line}\n    ${more}`,
];
const ONE_VIP = '        192.0.2.100/32\n        192.0.2.101/32';
const UNICAST = `    unicast_src_ip 192.0.2.1
    unicast_peer {
        192.0.2.2
        192.0.2.3
    }
`;

const words: readonly Mistake[] = [
  mistake(
    'a misspelt keyword',
    ['interface lo', 'inteface lo'],
    16,
    'unknown-keyword',
    /did you mean 'interface'/,
  ),
  mistake(
    'a keyword with capitals',
    ['priority 150', 'Priority 150'],
    18,
    'unknown-keyword',
    /did you mean 'priority'/,
  ),
  mistake(
    'a misspelt block',
    ['virtual_ipaddress {', 'virtual_ip_address {'],
    29,
    'unknown-block',
    /did you mean 'virtual_ipaddress'/,
  ),
  mistake(
    'a word of another block',
    after('priority 150', 'script "/usr/bin/test x"'),
    19,
    'unknown-keyword',
    /belongs in vrrp_script/,
  ),
  mistake(
    'a capitalised state',
    ['state BACKUP', 'state Master'],
    15,
    'bad-choice',
    /did you mean 'MASTER'/,
  ),
  mistake('a // comment', after('advert_int 1', '// slow'), 20, 'unknown-keyword', /'#' or '!'/),
  mistake(
    'a // comment behind a value',
    ['priority 150', 'priority 150 // the better one'],
    18,
    'extra-word',
    /'#' or '!'/,
  ),
  mistake('a /* comment */', after('advert_int 1', '/* x */'), 20, 'unknown-keyword', /'#' or '!'/),
  mistake(
    'marks of a merge conflict',
    ['    priority 150', '<<<<<<< HEAD\n    priority 150\n=======\n    priority 9\n>>>>>>> b'],
    18,
    'merge-conflict',
    /delete all the marks/,
  ),
  mistake(
    'net_mask',
    after('advert_int 1', 'net_mask 24'),
    20,
    'unknown-keyword',
    /192\.0\.2\.1\/24/,
  ),
  mistake("an editor's command", ['    advert_int 1', ':wq'], 19, 'unknown-keyword', /remove it/),
  mistake(
    'a flag that is to be off',
    after('advert_int 1', 'nopreempt false'),
    20,
    'extra-word',
    /remove the line/,
  ),
  mistake(
    'nopreempt with MASTER',
    ['state BACKUP', 'state MASTER\n    nopreempt'],
    16,
    'nopreempt-cleared',
    /state BACKUP/,
  ),
];

const signs: readonly Mistake[] = [
  mistake(
    'a semicolon behind a number',
    ['priority 150', 'priority 150;'],
    18,
    'not-a-number',
    /no ';'.* 150$/,
  ),
  mistake(
    'a semicolon behind a name',
    ['interface lo', 'interface lo;'],
    16,
    'stray-sign',
    /no ';'.* lo$/,
  ),
  mistake(
    'a semicolon behind an address',
    ['192.0.2.101/32', '192.0.2.101/32;'],
    31,
    'out-of-range',
    /no ';'/,
  ),
  mistake('an equals sign', ['priority 150', 'priority = 150'], 18, 'not-a-number', /without '='/),
  mistake(
    'an equals sign before a name',
    ['interface lo', 'interface = lo'],
    16,
    'stray-sign',
    /without '='/,
  ),
  mistake(
    'an equals sign without blanks',
    ['priority 150', 'priority=150'],
    18,
    'unknown-keyword',
    /write 'priority 150'/,
  ),
  mistake('a colon', ['priority 150', 'priority: 150'], 18, 'unknown-keyword', /priority/),
  mistake(
    'a comma between peers',
    ['192.0.2.2\n', '192.0.2.2,\n'],
    26,
    'bad-address',
    /no ','.*192\.0\.2\.2$/,
  ),
  mistake(
    'a quote that is not closed',
    ['nginx.pid"', 'nginx.pid'],
    7,
    'unterminated-quote',
    /closing "/,
  ),
  mistake(
    'typographic quotes',
    ['"/usr/bin/test -e /run/told"', '“/usr/bin/test”'],
    36,
    'stray-sign',
    /typographic/,
  ),
  mistake(
    'a script without quotes',
    ['"/usr/bin/test -e /run/nginx.pid"', '/usr/bin/test -e'],
    7,
    'extra-word',
    /double quotes/,
  ),
  mistake(
    'a # inside a password',
    ['k9Tz2qLw', 'k9#z2qLw'],
    22,
    'comment-in-word',
    /double quotes/,
  ),
  mistake(
    'a blank that is none',
    ['priority 150', 'priority\u00a0150'],
    18,
    'unknown-keyword',
    /blank of another kind/,
  ),
  mistake('a long dash', ['weight -60', 'weight –60'], 10, 'not-a-number', /'-'/),
  mistake(
    'a brace that is not closed',
    [`${ONE_VIP}\n    }`, ONE_VIP],
    29,
    'missing-brace',
    /missing '}'/,
  ),
  mistake(
    'a brace that is not closed before a block',
    ['    rise 2\n}', '    rise 2'],
    13,
    'misplaced-block',
    /close the vrrp_script/,
  ),
  mistake(
    'a brace that is not opened',
    ['virtual_ipaddress {', 'virtual_ipaddress'],
    29,
    'missing-block',
    /virtual_ipaddress \{/,
  ),
  mistake('a brace too many', ['rise 2\n}', 'rise 2\n}\n}'], 14, 'extra-brace', /remove it/),
];

const values: readonly Mistake[] = [
  mistake('a unit', ['advert_int 1', 'advert_int 1s'], 19, 'trailing-junk', /seconds/),
  mistake('milliseconds', ['advert_int 1', 'advert_int 500ms'], 19, 'out-of-range', /unit: 0\.5$/),
  mistake(
    'a unit as a word',
    after('advert_int 1', 'preempt_delay 5 seconds'),
    20,
    'extra-word',
    /seconds are meant/,
  ),
  mistake('a decimal comma', ['advert_int 1', 'advert_int 0,5'], 19, 'out-of-range', /0\.5$/),
  mistake('priority 300', ['priority 150', 'priority 300'], 18, 'out-of-range', /1\.\.255/),
  mistake('VRID 0', ['router_id 41', 'router_id 0'], 17, 'out-of-range', /1\.\.255/),
  mistake('VRID in hexadecimal', ['router_id 41', 'router_id 0x29'], 17, 'not-a-number', /41$/),
  mistake('interval 0', ['interval 2', 'interval 0'], 8, 'out-of-range', /more than 0/),
  mistake('a weight without a number', ['weight -60', 'weight'], 10, 'missing-parameter', /value/),
  mistake('a weight in percent', ['weight -60', 'weight -60%'], 10, 'trailing-junk', /-60$/),
  mistake('a password of 10', ['k9Tz2qLw', 'k9Tz2qLwXY'], 22, 'password-cut', /8/),
  mistake(
    'a password in version 3',
    after('advert_int 1', 'version 3'),
    21,
    'auth-dropped',
    /version 3/,
  ),
  mistake(
    'a password on the line of its type',
    [
      '{\n        auth_type PASS\n        auth_pass k9Tz2qLw\n    }',
      '{ auth_type PASS auth_pass k9Tz2qLw }',
    ],
    20,
    'extra-word',
    /line of its own/,
  ),
  mistake(
    'two addresses on a line',
    [ONE_VIP, '        192.0.2.100/32 192.0.2.101/32'],
    30,
    'bad-address-option',
    /line of its own/,
  ),
  mistake(
    'two peers on a line',
    ['192.0.2.2\n        192.0.2.3', '192.0.2.2 192.0.2.3'],
    26,
    'unknown-option',
    /line of its own/,
  ),
  mistake('prefix /33', ['192.0.2.101/32', '192.0.2.101/33'], 31, 'out-of-range', /0\.\.32/),
  mistake(
    'a mask for a length',
    ['192.0.2.101/32', '192.0.2.101/255.255.255.0'],
    31,
    'out-of-range',
    /length/,
  ),
  mistake(
    'a mask as a word',
    ['192.0.2.101/32', '192.0.2.101 255.255.255.0'],
    31,
    'bad-address-option',
    /\/24|line of its own/,
  ),
  mistake(
    'an option misspelt',
    ['192.0.2.101/32', '192.0.2.101/32 brodcast +'],
    31,
    'bad-address-option',
    /brodcast/,
  ),
  mistake(
    'a name for an address',
    ['192.0.2.101/32', 'vip.example.org'],
    31,
    'bad-address',
    /names/,
  ),
  mistake(
    'an address with its port',
    ['192.0.2.101/32', '192.0.2.101:80'],
    31,
    'bad-address',
    /port/,
  ),
  mistake(
    'an IPv6 address that is not link-local first',
    [
      `${UNICAST}    virtual_ipaddress {\n${ONE_VIP}`,
      '    virtual_ipaddress {\n        2001:db8::1/64',
    ],
    25,
    'first-not-link-local',
    /fe80/,
  ),
  mistake(
    'a script that is not there',
    ['    chk_web\n', '    chk_wbe\n'],
    34,
    'unknown-script',
    /chk_web/,
  ),
  mistake(
    'an interface that is not there',
    ['interface lo', 'interface nosuch0'],
    16,
    'unknown-interface',
    /nosuch0|interface/,
  ),
  mistake(
    'a name nobody defined',
    ['priority 150', 'priority $PRIO'],
    18,
    'undefined-name',
    /\$PRIO=/,
  ),
  mistake(
    'a gap to fill in',
    ['priority 150', 'priority <PRIO>'],
    18,
    'not-a-number',
    /gap to fill/,
  ),
];

export const mistakes: readonly Mistake[] = [...words, ...signs, ...values];
