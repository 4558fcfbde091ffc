-- The shop of the benchmark: -v shop=CODE -v orders=COUNT. Half of the orders are overdue, half on their way; two lines and
-- six scans each.
SELECT shop_id FROM replyd_data.shops WHERE code = :'shop' \gset

INSERT INTO replyd_data.products (shop_id, sku, body)
SELECT :shop_id, 'SKU-' || i,
       '{"cost": {"amount": "7.50", "currency": "USD"}}'::jsonb || jsonb_build_object('name', 'Product ' || i)
  FROM generate_series(1, 500) AS i;

INSERT INTO replyd_data.orders (shop_id, number, body)
SELECT :shop_id, (100000 + i)::text,
       '{"status": "shipped", "platform": "own_shop", "currency": "USD", "total": {"amount": "39.90", "currency": "USD"},
         "freight": {"amount": "4.90", "currency": "USD"}, "margin": {"amount": "9.00", "currency": "USD"},
         "placed_at": "2026-01-28T10:00:00Z", "paid_at": "2026-01-28T10:05:00Z"}'::jsonb
       || jsonb_build_object(
           'customer', jsonb_build_object('name', 'Buyer ' || i, 'email', 'buyer' || i || '@example.org', 'country', 'US',
                                          'language', 'en'),
           'address', jsonb_build_object('line1', i || ' Elm Road', 'city', 'Springfield', 'postcode', '12345', 'country', 'US'),
           'items', jsonb_build_array(
               '{"name": "Linen dress", "variant": "blue", "quantity": 1, "unit_price": {"amount": "25.00", "currency": "USD"}}'
                   ::jsonb || jsonb_build_object('sku', 'SKU-' || 1 + i % 500),
               '{"name": "Belt", "quantity": 2, "unit_price": {"amount": "5.00", "currency": "USD"}}'
                   ::jsonb || jsonb_build_object('sku', 'SKU-' || 1 + i * 7 % 500)))
  FROM generate_series(1, :orders) AS i;

INSERT INTO replyd_data.shipments (shop_id, order_number, tracking_number, body)
SELECT :shop_id, (100000 + i)::text, 'PARCEL' || i,
       '{"carrier": "Northern Post", "carrier_kind": "post", "service": "Registered", "tracked": true,
         "shipped_at": "2026-01-30T08:00:00Z"}'::jsonb
       || jsonb_build_object('tracking_url', 'https://track.northernpost.example/PARCEL' || i,
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
