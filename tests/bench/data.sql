-- The shop of the benchmark: -v shop=CODE -v orders=COUNT. Half of the orders are overdue, half on their way; two lines and
-- six scans each.
SELECT shop_id FROM replyd_data.shops WHERE code = :'shop' \gset

CREATE FUNCTION pg_temp.usd(amount text) RETURNS jsonb LANGUAGE sql AS
    $$ SELECT jsonb_build_object('amount', amount, 'currency', 'USD') $$;

INSERT INTO replyd_data.products (shop_id, sku, body)
SELECT :shop_id, 'SKU-' || i, jsonb_build_object('name', 'Product ' || i, 'cost', pg_temp.usd('7.50'))
  FROM generate_series(1, 500) AS i;

INSERT INTO replyd_data.orders (shop_id, number, body)
SELECT :shop_id, (100000 + i)::text, jsonb_build_object(
           'status', 'shipped', 'platform', 'own_shop', 'currency', 'USD',
           'total', pg_temp.usd('39.90'), 'freight', pg_temp.usd('4.90'), 'margin', pg_temp.usd('9.00'),
           'placed_at', '2026-01-28T10:00:00Z', 'paid_at', '2026-01-28T10:05:00Z',
           'customer', jsonb_build_object('name', 'Buyer ' || i, 'email', 'buyer' || i || '@example.org', 'country', 'US',
                                          'language', 'en'),
           'address', jsonb_build_object('line1', i || ' Elm Road', 'city', 'Springfield', 'postcode', '12345', 'country', 'US'),
           'items', jsonb_build_array(
               jsonb_build_object('sku', 'SKU-' || 1 + i % 500, 'name', 'Linen dress', 'variant', 'blue', 'quantity', 1,
                                  'unit_price', pg_temp.usd('25.00')),
               jsonb_build_object('sku', 'SKU-' || 1 + i * 7 % 500, 'name', 'Belt', 'quantity', 2,
                                  'unit_price', pg_temp.usd('5.00'))))
  FROM generate_series(1, :orders) AS i;

INSERT INTO replyd_data.shipments (shop_id, order_number, tracking_number, body)
SELECT :shop_id, (100000 + i)::text, 'PARCEL' || i, jsonb_build_object(
           'carrier', 'Northern Post', 'carrier_kind', 'post', 'service', 'Registered', 'tracked', true,
           'tracking_url', 'https://track.northernpost.example/PARCEL' || i, 'shipped_at', '2026-01-30T08:00:00Z',
           'promised_by', CASE WHEN i % 2 = 0 THEN '2026-02-20' ELSE '2026-03-12' END)
  FROM generate_series(1, :orders) AS i;

INSERT INTO replyd_data.events (shop_id, order_number, tracking_number, body)
SELECT :shop_id, (100000 + i)::text, 'PARCEL' || i, jsonb_build_object(
           'at', to_char(timestamp '2026-01-30 09:00' + e * interval '5 days', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
           'text', 'Scanned at hub ' || e,
           'state', (ARRAY['in_transit_origin', 'export_customs', 'departed', 'departed', 'arrived_destination',
                           'arrived_destination'])[e + 1],
           'city', 'Hub ' || e, 'country', CASE WHEN e < 4 THEN 'CN' ELSE 'US' END)
  FROM generate_series(1, :orders) AS i, generate_series(0, 5) AS e;

VACUUM ANALYZE;
CHECKPOINT;
