import { expect, test } from 'vitest';
import { faultOfWebhookUrl, isClosedAddress } from './webhook-address.ts';

test.each([
  ['loopback', 'https://127.0.0.1/'],
  ['loopback, short', 'https://127.1/'],
  ['loopback, decimal', 'https://2130706433/'],
  ['loopback, octal', 'https://0177.0.0.1/'],
  ['loopback, hex', 'https://0x7f000001/'],
  ['loopback, mixed', 'https://0x7f.0.0.01/'],
  ['loopback with a dot at its end', 'https://127.0.0.1./'],
  ['loopback in wide digits', 'https://１２７.0.0.1/'],
  ['this host', 'https://0.0.0.0/'],
  ['this host, short', 'https://0/'],
  ['private 10', 'https://10.1.2.3/'],
  ['private 172', 'https://172.31.255.255/'],
  ['private 192', 'https://192.168.0.1/'],
  ['link-local', 'https://169.254.1.1/'],
  ['metadata of AWS, GCP, Azure', 'https://169.254.169.254/latest/meta-data/'],
  ['metadata, decimal', 'https://2852039166/'],
  ['metadata of Alibaba', 'https://100.100.100.200/'],
  ['metadata of Oracle', 'https://192.0.0.192/'],
  ['Azure inside', 'https://168.63.129.16/'],
  ['CGNAT', 'https://100.64.0.1/'],
  ['benchmarks', 'https://198.18.0.1/'],
  ['documentation', 'https://203.0.113.7/'],
  ['multicast', 'https://224.0.0.1/'],
  ['broadcast', 'https://255.255.255.255/'],
  ['loopback v6', 'https://[::1]/'],
  ['unspecified v6', 'https://[::]/'],
  ['v4-mapped', 'https://[::ffff:127.0.0.1]/'],
  ['v4-mapped, hex', 'https://[::ffff:7f00:1]/'],
  ['v4-mapped metadata', 'https://[::ffff:a9fe:a9fe]/'],
  ['v4-compatible', 'https://[::7f00:1]/'],
  ['NAT64', 'https://[64:ff9b::7f00:1]/'],
  ['NAT64, local', 'https://[64:ff9b:1::7f00:1]/'],
  ['6to4', 'https://[2002:7f00:1::]/'],
  ['Teredo', 'https://[2001::1]/'],
  ['unique local', 'https://[fd00:ec2::254]/'],
  ['link-local v6', 'https://[fe80::1]/'],
  ['multicast v6', 'https://[ff02::1]/'],
  ['documentation v6', 'https://[2001:db8::1]/'],
  ['a local name', 'https://localhost/'],
  ['a local name below', 'https://a.LOCALHOST./'],
  ['a name of the network', 'https://printer.local/'],
  ['a name inside', 'https://metadata.google.internal/'],
  ['http', 'http://hooks.example.com/'],
  ['another protocol', 'ftp://hooks.example.com/'],
  ['a user in it', 'https://user@hooks.example.com/'],
  ['a password in it', 'https://:secret@hooks.example.com/'],
  ['a port of another service', 'https://hooks.example.com:22/'],
  ['port 0', 'https://hooks.example.com:0/'],
  ['http by port', 'https://hooks.example.com:80/'],
  ['no address', 'hooks.example.com'],
])('%s is refused', (_what, url) => {
  expect(faultOfWebhookUrl(url, false)).toEqual(expect.any(String));
});

test.each([
  'https://hooks.example.com/a?b=c',
  'https://hooks.example.com:8443/',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
])('%s is taken', (url) => {
  expect(faultOfWebhookUrl(url, false)).toBeNull();
});

test('the loopback is open where it is allowed, by http too, and nothing else is', () => {
  for (const url of ['http://127.0.0.1:8080/', 'http://localhost:8080/', 'http://[::1]:8080/', 'https://127.9.9.9/'])
    expect(faultOfWebhookUrl(url, true)).toBeNull();
  for (const url of [
    'http://10.0.0.1:8080/',
    'https://10.0.0.1/',
    'https://[::ffff:127.0.0.1]/',
    'http://hooks.example.com/',
  ])
    expect(faultOfWebhookUrl(url, true)).toEqual(expect.any(String));
});

test('what is no address is closed', () => {
  for (const address of ['', 'hooks.example.com', '127.0.0.1%eth0']) expect(isClosedAddress(address, true)).toBe(true);
});
