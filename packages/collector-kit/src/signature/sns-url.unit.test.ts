import { expect, test } from 'vitest';
import { certificateAddress, isAmazonCaAddress, snsAddress } from './sns-url.ts';

test.each([
  'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem',
  'https://sns.us-gov-west-1.amazonaws.com/a.pem',
  'https://sns.cn-north-1.amazonaws.com.cn/a.pem',
  'https://SNS.eu-west-1.amazonaws.com:443/a.pem',
])('a certificate of SNS may be fetched from %s', (url) => {
  expect(certificateAddress(url)).not.toBeNull();
});

test.each([
  'http://sns.eu-west-1.amazonaws.com/a.pem',
  'https://sns.eu-west-1.amazonaws.com.evil.example/a.pem',
  'https://evil.example/sns.eu-west-1.amazonaws.com/a.pem',
  'https://evil.example#sns.eu-west-1.amazonaws.com/a.pem',
  'https://sns.eu-west-1.amazonaws.com@evil.example/a.pem',
  'https://user@sns.eu-west-1.amazonaws.com/a.pem',
  'https://sns.eu-west-1.amazonaws.com:8443/a.pem',
  'https://sns.eu-west-1.amazonaws.com./a.pem',
  'https://xsns.eu-west-1.amazonaws.com/a.pem',
  'https://sns.amazonaws.com/a.pem',
  'https://sns.a.b.amazonaws.com/a.pem',
  'https://sns.eu-west-1.amazonaws.co/a.pem',
  'https://sns.eu-west-1-amazonaws.com/a.pem',
  'https://sns.eu_west.amazonaws.com/a.pem',
  'https://snsxeu-west-1.amazonaws.com/a.pem',
  'https://s3.eu-west-1.amazonaws.com/bucket/a.pem',
  'https://sns.s3.amazonaws.com.evil/a.pem',
  'https://sns.eu-west-1.amazonaws.com/a.pem?x=.pem',
  'https://sns.eu-west-1.amazonaws.com/?a.pem',
  'https://sns.eu-west-1.amazonaws.com/a#.pem',
  'https://sns.eu-west-1.amazonaws.com/a',
  'https://169.254.169.254/a.pem',
  'file:///etc/a.pem',
  '',
])('nothing is fetched from %s', (url) => {
  expect(certificateAddress(url)).toBeNull();
});

test('what is called is the address as it was understood, not as it was written', () => {
  const address = certificateAddress('https://sns.eu-west-1.amazonaws.com\\@evil.example/a.pem');
  expect(address?.href).toBe('https://sns.eu-west-1.amazonaws.com/@evil.example/a.pem');
});

test('a SubscribeURL may have a query, and leads to SNS', () => {
  expect(snsAddress('https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1')).not.toBeNull();
  expect(snsAddress('https://evil.example/?Action=ConfirmSubscription')).toBeNull();
  expect(snsAddress('http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription')).toBeNull();
});

test.each([
  ['http://crt.r2m02.amazontrust.com/r2m02.cer', true],
  ['https://crt.rootca1.amazontrust.com/rootca1.cer', true],
  ['http://amazontrust.com.evil.example/a.cer', false],
  ['http://evilamazontrust.com/a.cer', false],
  ['http://user@crt.r2m02.amazontrust.com/a.cer', false],
  ['http://crt.r2m02.amazontrust.com:8080/a.cer', false],
  ['ldap://crt.r2m02.amazontrust.com/a.cer', false],
  ['http://localhost/a.cer', false],
])('an intermediate may be fetched from %s: %s', (url, may) => {
  expect(isAmazonCaAddress(url)).toBe(may);
});
