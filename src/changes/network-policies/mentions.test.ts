import { describe, expect, it } from 'vitest';
import { isForPlaces, mentionsIn } from './mentions.ts';

/** `host:port`, with what is only a word in brackets. */
function places(text: string, name = ''): string[] {
  return mentionsIn(text, name).map(({ host, port, form }) => {
    const place = port === undefined ? host : `${host}:${port}`;
    return form === 'word' ? `(${place})` : place;
  });
}

describe('places that a text names', () => {
  it.each([
    ['http://catalog:8080', ['catalog:8080']],
    ['http://catalog/v1?x=http', ['catalog:80']],
    ['https://s3.eu-central-1.example.com/bucket', ['s3.eu-central-1.example.com:443']],
    ['catalog:8080', ['catalog:8080']],
    ['catalog.shop:8080', ['catalog.shop:8080']],
    ['catalog.shop.svc:8080', ['catalog.shop.svc:8080']],
    ['catalog.shop.svc.cluster.local.:8080', ['catalog.shop.svc.cluster.local:8080']],
    ['db-0.db.shop.svc.cluster.local', ['db-0.db.shop.svc.cluster.local']],
    ['postgres://me:p%40ss@db:5433/x?sslmode=off', ['db:5433']],
    ['postgresql://me:pa:ss@db/x', ['db:5432']],
    ['jdbc:postgresql://db-0.db,db-1.db:5433/x', ['db-0.db:5432', 'db-1.db:5433']],
    ['jdbc:sqlserver://db:1433;databaseName=x', ['db:1433']],
    ['jdbc:oracle:thin:@db:1521:XE', ['db:1521']],
    ['jdbc:oracle:thin:@//db:1521/XE', ['db:1521']],
    ['jdbc:mysql://db/x', ['db:3306']],
    ['amqp://guest:guest@mq', ['mq:5672']],
    ['redis://:secret@cache:6380/0', ['cache:6380']],
    ['mongodb://a:1,b:2/x', ['a:1', 'b:2']],
    ['mongodb+srv://cluster.example.net/x', ['cluster.example.net']],
    ['me:pw@tcp(db:3306)/x', ['db:3306']],
    ['host=db port=5433 user=x', ['db:5433']],
    ['Server=tcp:db,1433;Database=x', ['db:1433']],
    ['dns:///orders.shop:50051', ['orders.shop:50051']],
    ['kafka-0.kafka:9092,kafka-1.kafka:9092', ['kafka-0.kafka:9092', 'kafka-1.kafka:9092']],
    ['--client.url=http://loki:3100/push', ['loki:3100']],
    ['--upstream=web:80', ['web:80']],
    ['http://10.1.2.3:8080', ['10.1.2.3:8080']],
    ['10.1.2.3:53', ['10.1.2.3:53']],
    ['http://[fd00::1]:8080/', ['fd00::1:8080']],
    ['grpc://a.b.svc.other.zone:1', ['a.b.svc.other.zone:1']],
    // None of these is a place.
    ['127.0.0.1:80', []],
    ['0.0.0.0:8080', []],
    [':8080', []],
    ['http://localhost:3000', []],
    ['12:30', []],
    ['s3://bucket/key', []],
    ['unix:///var/run/x.sock', []],
    ['file:///etc/x:80', []],
    ['web:99999', []],
    ['/var/lib/web:80:rw', []],
    ['key:value', []],
  ])('%s', (text, wanted) => {
    expect(places(text)).toEqual(wanted);
  });

  it.each([
    ['udp://10.1.2.3:8125', [8125, ['UDP']]],
    ['SCTP://amf:38412', [38412, ['SCTP']]],
    ['statsd://metrics', [8125, ['UDP']]],
    ['syslog+udp://logs', [514, ['UDP']]],
    ['syslog+tcp://logs:601', [601, undefined]],
    ['dns://10.1.2.3', [53, ['UDP', 'TCP']]],
    ['dns:///orders', [undefined, undefined]],
    ['udp(logs:514)', [514, ['UDP']]],
    ['me@tcp(db:3306)/x', [3306, undefined]],
    ['tcp://db:1', [1, undefined]],
    ['db:1', [1, undefined]],
  ])('%s says its protocol once', (text, wanted) => {
    expect(mentionsIn(text, '').map(({ port, protocols }) => [port, protocols])).toEqual([wanted]);
  });

  it('may be a bare name where the variable is for places, and a word elsewhere', () => {
    expect(places('catalog-db', 'DB_HOST')).toEqual(['catalog-db']);
    expect(places('catalog-db', 'DB_NAME')).toEqual(['(catalog-db)']);
    expect(places('a, b.c', 'KAFKA_BROKERS')).toEqual(['a', 'b.c']);
  });

  it.each([
    'DB_HOST',
    'REDIS_ADDR',
    'url',
    'spring.datasource.url',
    'dbHost',
    '--db-host',
    'PAYMENT_SERVICE',
    'ES_HOSTS',
    'contact-points',
  ])('%s is for places', (name) => {
    expect(isForPlaces(name)).toBe(true);
  });
  it.each(['DB_NAME', 'DB_USER', 'POSTGRES_DB', 'LOG_LEVEL', 'NODE_ENV', 'ghost', 'HOST_COUNT', 'namespace'])('%s is not', (name) => {
    expect(isForPlaces(name)).toBe(false);
  });

  it('is not slow on long texts', () => {
    const started = process.cpuUsage().user;
    mentionsIn(`${'a-'.repeat(50_000)} ${'a.'.repeat(50_000)} ${'x:'.repeat(50_000)}`, 'X');
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(2);
  });
});
