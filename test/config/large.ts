/** Files of so many lines, one for each thing of which a file can have many. */

const numbers = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
const address = (i: number): string => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
const filled = (n: number, line: (i: number) => string): string => numbers(n).map(line).join('\n');

const inInstance = (lines: string): string =>
  `vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\n${lines}\n}\n`;

const instanceLines = 8;
const instance = (i: number): string =>
  `vrrp_instance V${i} {
    interface eth${Math.floor(i / 255)}
    virtual_router_id ${(i % 255) + 1}
    priority 100
    virtual_ipaddress {
      ${address(i)}
    }
}`;

/** A good file, as a generator of configuration would write it. */
export const manyInstances = (lines: number): string =>
  `${filled(Math.ceil(lines / instanceLines), instance)}\n`;

export const manyLines = (n: number): readonly (readonly [what: string, text: string])[] => [
  ['instances', manyInstances(n)],
  ['comments', filled(n, (i) => `# ${i}`)],
  ['empty lines', '\n'.repeat(n)],
  ['unknown words', filled(n, (i) => `word${i} x`)],
  ['addresses', inInstance(`virtual_ipaddress {\n${filled(n, address)}\n}`)],
  ['wrong addresses', inInstance(`virtual_ipaddress {\n${filled(n, (i) => `x${i}`)}\n}`)],
  ['unknown scripts', inInstance(`track_script {\n${filled(n, (i) => `s${i}`)}\n}`)],
  ['peers', inInstance(`unicast_peer {\n${filled(n, address)}\n}`)],
  ['routes', inInstance(`virtual_routes {\n${filled(n, (i) => `${address(i)} dev eth0`)}\n}`)],
  ['members', `vrrp_sync_group G {\ngroup {\n${filled(n, (i) => `V${i}`)}\n}\n}\n`],
  ['scripts', filled(Math.ceil(n / 4), (i) => `vrrp_script s${i} {\nscript "/x"\ninterval 2\n}`)],
  [
    'real servers',
    `virtual_server 192.0.2.1 80 {\n${filled(
      Math.ceil(n / 4),
      (i) => `real_server ${address(i)} 80 {\nweight 1\nTCP_CHECK { }\n}`,
    )}\n}\n`,
  ],
  ['definitions', filled(n, (i) => `$A${i + 1}=\${A${i}}`)],
  ['uses of a definition', `$A=x\n${filled(n, () => 'word $A')}`],
];
