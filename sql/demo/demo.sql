-- The demo shop `demo`: products, calendar, and 60 orders in every state that orders and parcels can be in. All dates are
-- relative to the day it is loaded; loading it again moves them to then and keeps everything else of the shop.
--   psql URL -v ON_ERROR_STOP=1 -f sql/demo/demo.sql
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';

CREATE FUNCTION pg_temp.on_day(days integer) RETURNS text LANGUAGE sql AS
    $$ SELECT to_char(now() + days * interval '1 day', 'YYYY-MM-DD') $$;
CREATE FUNCTION pg_temp.at_time(moment timestamptz) RETURNS text LANGUAGE sql AS
    $$ SELECT to_char(moment, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') $$;
CREATE FUNCTION pg_temp.money(amount numeric, currency text) RETURNS jsonb LANGUAGE sql AS
    $$ SELECT jsonb_build_object('amount', amount::text, 'currency', currency) WHERE amount IS NOT NULL $$;
-- UPU S10: two letters, eight digits, a check digit, the country
CREATE FUNCTION pg_temp.s10(service text, serial integer, country text) RETURNS text LANGUAGE sql AS $$
    SELECT service || digits || CASE 11 - sum(substr(digits, i::integer, 1)::integer * weight) % 11
                                    WHEN 10 THEN 0 WHEN 11 THEN 5
                                    ELSE 11 - sum(substr(digits, i::integer, 1)::integer * weight) % 11 END || country
      FROM lpad(serial::text, 8, '0') AS digits,
           unnest(ARRAY[8, 6, 4, 2, 3, 5, 9, 7]) WITH ORDINALITY AS weights (weight, i)
     GROUP BY digits
$$;

INSERT INTO replyd_data.shops (code, name) VALUES ('demo', 'Lantern & Loom') ON CONFLICT (code) DO NOTHING;
CREATE TEMPORARY TABLE demo_shop ON COMMIT DROP AS SELECT shop_id FROM replyd_data.shops WHERE code = 'demo';

INSERT INTO replyd_data.policies (shop_id, body)
SELECT shop_id, '{"currency": "USD", "country": "CN", "languages": ["en", "zh", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "tr", "ja", "ko", "ar"],
    "signature": "Lantern & Loom", "payment_methods": ["Visa", "Mastercard", "PayPal"],
    "fx": {"EUR": "1.08", "GBP": "1.27", "JPY": "0.0066", "CAD": "0.73", "AUD": "0.66", "PLN": "0.25", "BRL": "0.18"}}'
  FROM demo_shop
ON CONFLICT (shop_id) DO NOTHING;

CREATE TEMPORARY TABLE demo_products (sku, name, price, cost, stock, weight_g, more) ON COMMIT DROP AS
SELECT sku, name, price, cost, stock, weight_g, more::jsonb FROM (VALUES
    ('LAMP-BR', 'Brass table lamp', 29.90, 9.80, 42, 820, '{"material": "brass, linen shade", "voltage": "220 V", "plug": "type C",
        "variants": [{"sku": "LAMP-BR-W", "name": "Brass table lamp", "color": "white", "stock": 30}, {"sku": "LAMP-BR-G", "name": "Brass table lamp", "color": "green", "stock": 12}], "alternatives": ["LAMP-LED"]}'),
    ('LAMP-LED', 'Rechargeable LED lantern', 24.50, 7.20, 118, 540, '{"material": "aluminium", "voltage": "5 V USB", "manual_url": "https://demo.example.org/manuals/lamp-led.pdf"}'),
    ('SCARF-SK', 'Mulberry silk scarf', 18.00, 5.10, 260, 60, '{"material": "100 % mulberry silk, 16 momme", "quality_guarantee": true, "low_price_reason": "we weave it ourselves and sell without a retailer"}'),
    ('SOCK-WL', 'Merino wool socks', 7.50, 2.10, 900, 90, '{"material": "80 % merino, 20 % polyamide", "unit_of_sale": "dozen", "units_per_pack": 12,
        "size_chart": [{"size": "35-38", "foot_cm": [22.0, 24.0]}, {"size": "39-42", "foot_cm": [24.5, 26.5]}, {"size": "43-46", "foot_cm": [27.0, 29.0]}]}'),
    ('DRESS-LN', 'Linen summer dress', 46.00, 15.40, 37, 310, '{"material": "linen", "size_chart": [
        {"size": "S", "bust_cm": [82, 86], "waist_cm": [64, 68], "hip_cm": [88, 92], "length_cm": 108},
        {"size": "M", "bust_cm": [86, 90], "waist_cm": [68, 72], "hip_cm": [92, 96], "length_cm": 110},
        {"size": "L", "bust_cm": [91, 96], "waist_cm": [73, 78], "hip_cm": [97, 102], "length_cm": 112}]}'),
    ('TEA-SET', 'Porcelain tea set, 7 pieces', 64.00, 22.00, 15, 2100, '{"material": "bone china"}'),
    ('KNIFE-DM', 'Damascus kitchen knife', 79.00, 26.50, 8, 380, '{"material": "VG-10 steel, 67 layers"}'),
    ('BAG-LT', 'Leather satchel', 129.00, 44.00, 11, 1350, '{"material": "full-grain cowhide"}'),
    ('KETTLE-EL', 'Electric gooseneck kettle', 58.00, 19.00, 23, 1250, '{"voltage": "220 V", "plug": "type C"}'),
    ('PHONE-CS', 'Walnut phone case', 12.90, 2.80, 340, 45, '{"material": "walnut, aramid fibre"}'),
    ('RUG-KL', 'Kilim rug 120 x 180', 189.00, 71.00, 4, 4800, '{"material": "hand-woven wool"}'),
    ('YARN-AL', 'Alpaca yarn, 10 skeins', 33.00, 12.00, 0, 560, '{"material": "baby alpaca", "alternatives": ["SCARF-SK"]}'))
    AS list (sku, name, price, cost, stock, weight_g, more);

INSERT INTO replyd_data.products (shop_id, sku, body)
SELECT shop_id, sku, more || jsonb_build_object('name', name, 'price', pg_temp.money(price, 'USD'), 'cost', pg_temp.money(cost, 'USD'),
           'floor_price', pg_temp.money(round(price * 0.85, 2), 'USD'), 'stock', stock, 'weight_g', weight_g,
           'price_tiers', jsonb_build_array(
               jsonb_build_object('min_quantity', 10, 'unit_price', pg_temp.money(round(price * 0.92, 2), 'USD'), 'wholesale', false),
               jsonb_build_object('min_quantity', 100, 'unit_price', pg_temp.money(round(price * 0.8, 2), 'USD'), 'wholesale', true)))
           || CASE WHEN stock = 0 THEN jsonb_build_object('restock_on', pg_temp.on_day(18)) ELSE '{}' END
  FROM demo_products, demo_shop
ON CONFLICT (shop_id, sku) DO UPDATE SET body = excluded.body, revision = excluded.revision, changed_at = excluded.changed_at;

INSERT INTO replyd_data.shipping_methods (shop_id, code, body)
SELECT shop_id, code, body::jsonb FROM demo_shop, (VALUES
    ('cnpost', '{"carrier": "China Post", "name": "Registered air mail", "kind": "post", "tracked": true, "countries": null, "min_days": 14, "max_days": 30, "handling_days": 3, "price": {"amount": "4.90", "currency": "USD"}, "per_kg": {"amount": "9.00", "currency": "USD"}, "free_over": {"amount": "60.00", "currency": "USD"}}'),
    ('yun', '{"carrier": "YunExpress", "name": "YunExpress line", "kind": "line", "tracked": true, "countries": ["US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "CA", "AU"], "min_days": 7, "max_days": 14, "handling_days": 2, "price": {"amount": "6.50", "currency": "USD"}, "per_kg": {"amount": "11.00", "currency": "USD"}}'),
    ('dhl', '{"carrier": "DHL Express", "name": "DHL Express Worldwide", "kind": "express", "tracked": true, "countries": null, "min_days": 3, "max_days": 6, "handling_days": 1, "price": {"amount": "24.00", "currency": "USD"}, "per_kg": {"amount": "9.50", "currency": "USD"}}'),
    ('economy', '{"carrier": "SunYou", "name": "Economy, without tracking", "kind": "economy", "tracked": false, "countries": null, "min_days": 20, "max_days": 45, "handling_days": 3, "price": {"amount": "1.90", "currency": "USD"}, "per_kg": {"amount": "6.00", "currency": "USD"}}'))
    AS list (code, body)
ON CONFLICT (shop_id, code) DO UPDATE SET body = excluded.body, revision = excluded.revision, changed_at = excluded.changed_at;

INSERT INTO replyd_data.holidays (shop_id, code, body)
SELECT shop_id, code, jsonb_build_object('name', name, 'kind', kind, 'from', pg_temp.on_day(first), 'to', pg_temp.on_day(last), 'countries', countries::jsonb)
  FROM demo_shop, (VALUES
    ('inventory', 'stocktaking', 'suspension', 40, 44, '["CN"]'),
    ('winter-sales', 'the winter sales', 'peak', 60, 95, 'null')) AS list (code, name, kind, first, last, countries)
ON CONFLICT (shop_id, code) DO UPDATE SET body = excluded.body, revision = excluded.revision, changed_at = excluded.changed_at;

INSERT INTO replyd_data.promotions (shop_id, code, body)
SELECT shop_id, 'silk-week', jsonb_build_object('percent', 15, 'from', pg_temp.on_day(-2), 'to', pg_temp.on_day(9), 'skus', jsonb_build_array('SCARF-SK'))
  FROM demo_shop
ON CONFLICT (shop_id, code) DO UPDATE SET body = excluded.body, revision = excluded.revision, changed_at = excluded.changed_at;

INSERT INTO replyd_data.customs_rules (shop_id, country, body)
SELECT shop_id, country, body::jsonb FROM demo_shop, (VALUES
    ('BR', '{"collected_by": "carrier", "recipient_id": {"kind": "CPF", "pattern": "^[0-9]{11}$"}}'),
    ('KR', '{"collected_by": "carrier", "recipient_id": {"kind": "PCCC", "pattern": "^P[0-9]{12}$"}}'))
    AS list (country, body)
ON CONFLICT (shop_id, country) DO UPDATE SET body = excluded.body, revision = excluded.revision, changed_at = excluded.changed_at;

-- Customers. One line each: key, name, e-mail, language, line1, city, postcode, country.
CREATE TEMPORARY TABLE demo_customers (key, name, email, language, line1, city, postcode, country) ON COMMIT DROP AS VALUES
    ('nancy', 'Nancy Drew', 'nancy@example.org', 'en', '418 Elm Street', 'Springfield', '62704', 'US'),
    ('tom', 'Tom Becker', 'tom.becker@example.com', 'en', '77 Harbor Way', 'Seattle', '98101', 'US'),
    ('grace', 'Grace Okafor', 'grace.okafor@example.net', 'en', '1200 Peachtree St NE', 'Atlanta', '30309', 'US'),
    ('walt', 'Walter Nguyen', 'walter.nguyen@example.com', 'en', '9 Mission Court', 'San Jose', '95112', 'US'),
    ('olivia', 'Olivia Clarke', 'olivia.clarke@example.org', 'en', '14 Rosebery Road', 'Bristol', 'BS6 5SR', 'GB'),
    ('hamish', 'Hamish Reid', 'hamish.reid@example.com', 'en', '3 Castle Wynd', 'Edinburgh', 'EH1 2NG', 'GB'),
    ('ciara', 'Ciara Murphy', 'ciara.murphy@example.net', 'en', '27 Patrick Street', 'Cork', 'T12 W8KV', 'IE'),
    ('liam', 'Liam Tremblay', 'liam.tremblay@example.com', 'en', '88 Bloor Street West', 'Toronto', 'M5S 1M5', 'CA'),
    ('ruby', 'Ruby Walsh', 'ruby.walsh@example.org', 'en', '5 Acland Street', 'St Kilda', '3182', 'AU'),
    ('anna', 'Anna Schäfer', 'anna.schaefer@example.org', 'de', 'Lindenstraße 21', 'Leipzig', '04109', 'DE'),
    ('jonas', 'Jonas Weber', 'jonas.weber@example.com', 'de', 'Hafenweg 8', 'Münster', '48155', 'DE'),
    ('lena', 'Lena Huber', 'lena.huber@example.net', 'de', 'Landstraßer Hauptstraße 40', 'Wien', '1030', 'AT'),
    ('claire', 'Claire Fontaine', 'claire.fontaine@example.org', 'fr', '12 rue des Lilas', 'Lyon', '69003', 'FR'),
    ('hugo', 'Hugo Lefèvre', 'hugo.lefevre@example.com', 'fr', '5 quai de la Fosse', 'Nantes', '44000', 'FR'),
    ('lucia', 'Lucía Ortega', 'lucia.ortega@example.org', 'es', 'Calle Mayor 33, 2º', 'Sevilla', '41004', 'ES'),
    ('diego', 'Diego Hernández', 'diego.hernandez@example.com', 'es', 'Av. Insurgentes Sur 1602', 'Ciudad de México', '03940', 'MX'),
    ('giulia', 'Giulia Rinaldi', 'giulia.rinaldi@example.org', 'it', 'Via Garibaldi 18', 'Bologna', '40124', 'IT'),
    ('rafael', 'Rafael Souza', 'rafael.souza@example.com', 'pt', 'Rua Augusta 900', 'São Paulo', '01304-001', 'BR'),
    ('ines', 'Inês Carvalho', 'ines.carvalho@example.net', 'pt', 'Rua do Almada 210', 'Porto', '4050-032', 'PT'),
    ('sanne', 'Sanne de Vries', 'sanne.devries@example.org', 'nl', 'Prinsengracht 402', 'Amsterdam', '1016 JB', 'NL'),
    ('kasia', 'Katarzyna Nowak', 'kasia.nowak@example.com', 'pl', 'ul. Długa 7/12', 'Kraków', '31-147', 'PL'),
    ('aigerim', 'Айгерим Садыкова', 'aigerim.s@example.net', 'ru', 'пр. Абая 52', 'Алматы', '050008', 'KZ'),
    ('elif', 'Elif Yılmaz', 'elif.yilmaz@example.com', 'tr', 'Bağdat Caddesi 145', 'İstanbul', '34730', 'TR'),
    ('haruka', '佐藤 遥', 'haruka.sato@example.org', 'ja', '神宮前3-21-7', '渋谷区', '150-0001', 'JP'),
    ('minjun', '김민준', 'minjun.kim@example.com', 'ko', '테헤란로 129', '서울 강남구', '06133', 'KR'),
    ('noura', 'نورة القحطاني', 'noura.q@example.net', 'ar', 'شارع العليا 88', 'الرياض', '12214', 'SA'),
    ('yousef', 'يوسف العنزي', 'yousef.a@example.org', 'ar', 'شارع سالم المبارك 14', 'السالمية', '22003', 'KW'),
    ('weiling', '林慧玲', 'weiling.lim@example.com', 'zh', '50 Jurong Gateway Road', 'Singapore', '608549', 'SG'),
    ('priya', 'Priya Nair', 'priya.nair@example.org', 'en', '14 MG Road', 'Bengaluru', '560001', 'IN');

-- Orders. Days are relative to today; `paid` null: not paid; freight in the order's currency; items SKU:variant:quantity:price.
CREATE TEMPORARY TABLE demo_orders (number, customer, status, platform, currency, placed, paid, ship_by, freight, items, more) ON COMMIT DROP AS
SELECT number, customer, status, platform, currency, placed, paid, ship_by, freight, items, more::jsonb FROM (VALUES
    -- the two that the README shows: ten days late with tracking; in transit and on time
    ('1001', 'nancy', 'shipped', 'own_shop', 'USD', -48, -48, -44, 4.90, 'SCARF-SK:teal:1:18.00 PHONE-CS:walnut:1:17.00', '{"shipping_method": "cnpost", "margin": 12.40}'),
    ('1002', 'tom', 'shipped', 'own_shop', 'USD', -16, -16, -13, 4.90, 'LAMP-BR:white:1:29.90', '{"shipping_method": "cnpost", "margin": 11.00}'),
    -- not paid yet
    ('1003', 'grace', 'unpaid', 'own_shop', 'USD', -1, NULL, NULL, 6.50, 'DRESS-LN:M:1:46.00', '{"payment_failure": "security_code"}'),
    ('1004', 'anna', 'unpaid', 'own_shop', 'EUR', -2, NULL, NULL, 5.90, 'TEA-SET::1:59.00', '{}'),
    ('1056', 'walt', 'unpaid', 'own_shop', 'USD', -1, NULL, NULL, 4.90, 'SOCK-WL:39-42:2:7.50', '{}'),
    ('1057', 'walt', 'unpaid', 'own_shop', 'USD', 0, NULL, NULL, 4.90, 'SCARF-SK:ivory:1:18.00', '{}'),
    -- paid, not shipped
    ('1005', 'claire', 'paid', 'own_shop', 'EUR', -1, -1, 2, 0, 'KETTLE-EL::1:54.00', '{"shipping_method": "yun"}'),
    ('1006', 'hamish', 'paid', 'own_shop', 'GBP', -9, -9, -4, 3.90, 'YARN-AL:moss:1:27.00', '{"shipping_method": "yun", "new_ship_by": 5}'),
    ('1007', 'ruby', 'packed', 'own_shop', 'AUD', -2, -2, 1, 9.90, 'KNIFE-DM::1:119.00', '{"shipping_method": "dhl", "note": "It is a present: please no invoice in the parcel."}'),
    ('1008', 'jonas', 'cancelled', 'own_shop', 'EUR', -20, -20, -17, 5.90, 'PHONE-CS:walnut:1:12.00', '{}'),
    ('1009', 'ciara', 'refunded', 'own_shop', 'EUR', -52, -52, -49, 5.90, 'SCARF-SK:rose:2:17.00', '{"refund": {"state": "completed", "amount": 39.90, "method": "Visa ending in 4417", "at": -6}}'),
    -- on the way
    ('1010', 'olivia', 'shipped', 'own_shop', 'GBP', -3, -3, -1, 3.90, 'LAMP-LED::1:21.00', '{"shipping_method": "yun"}'),
    ('1011', 'liam', 'shipped', 'own_shop', 'CAD', -9, -9, -6, 6.90, 'DRESS-LN:L:1:62.00', '{"shipping_method": "yun"}'),
    ('1012', 'sanne', 'shipped', 'own_shop', 'EUR', -5, -5, -2, 4.90, 'SOCK-WL:35-38:6:6.90', '{"shipping_method": "cnpost"}'),
    ('1013', 'weiling', 'shipped', 'aliexpress', 'USD', -6, -6, -3, 0, 'TEA-SET::1:64.00', '{"shipping_method": "cnpost", "protection_ends_on": 50}'),
    ('1014', 'haruka', 'shipped', 'own_shop', 'JPY', -12, -12, -9, 600, 'LAMP-BR:green:1:4400', '{"shipping_method": "cnpost"}'),
    ('1015', 'hugo', 'shipped', 'own_shop', 'EUR', -34, -34, -31, 4.90, 'SCARF-SK:navy:1:17.00', '{"shipping_method": "cnpost"}'),
    ('1016', 'ines', 'shipped', 'own_shop', 'EUR', -15, -15, -12, 4.90, 'PHONE-CS:walnut:2:12.00', '{"shipping_method": "cnpost"}'),
    ('1037', 'elif', 'shipped', 'aliexpress', 'USD', -22, -22, -19, 0, 'SCARF-SK:red:1:18.00', '{"shipping_method": "cnpost", "protection_ends_on": 38}'),
    ('1048', 'minjun', 'shipped', 'own_shop', 'KRW', -8, -8, -6, 6000, 'KETTLE-EL::1:78000', '{"shipping_method": "cnpost"}'),
    ('1049', 'noura', 'shipped', 'own_shop', 'SAR', -6, -6, -4, 30.00, 'RUG-KL::1:720.00', '{"shipping_method": "dhl"}'),
    ('1050', 'yousef', 'shipped', 'own_shop', 'KWD', -5, -5, -3, 3.250, 'BAG-LT:brown:1:39.500', '{"shipping_method": "dhl"}'),
    ('1051', 'aigerim', 'shipped', 'aliexpress', 'USD', -18, -18, -15, 0, 'SOCK-WL:39-42:4:7.50', '{"shipping_method": "cnpost", "protection_ends_on": 42}'),
    ('1052', 'elif', 'shipped', 'own_shop', 'TRY', -11, -11, -9, 150.00, 'LAMP-LED::1:990.00', '{"shipping_method": "cnpost"}'),
    ('1053', 'lena', 'shipped', 'own_shop', 'EUR', -14, -14, -11, 4.90, 'PHONE-CS:walnut:1:12.00', '{"shipping_method": "cnpost"}'),
    ('1054', 'grace', 'shipped', 'own_shop', 'USD', -4, -4, -2, 24.00, 'RUG-KL::1:189.00', '{"shipping_method": "dhl", "margin": 58.00}'),
    ('1055', 'tom', 'shipped', 'own_shop', 'USD', -10, -10, -7, 4.90, 'PHONE-CS:walnut:1:12.90', '{"shipping_method": "cnpost", "margin": 5.00}'),
    -- at customs
    ('1017', 'rafael', 'shipped', 'own_shop', 'BRL', -24, -24, -21, 29.00, 'BAG-LT:black:1:690.00', '{"shipping_method": "cnpost", "incoterm": "DAP", "duty_informed": true}'),
    ('1018', 'jonas', 'shipped', 'own_shop', 'EUR', -19, -19, -17, 0, 'KNIFE-DM::2:73.00', '{"shipping_method": "dhl", "incoterm": "DAP"}'),
    ('1019', 'priya', 'shipped', 'own_shop', 'INR', -21, -21, -18, 900, 'BAG-LT:tan:1:10700', '{"shipping_method": "dhl", "incoterm": "DAP"}'),
    ('1020', 'hugo', 'shipped', 'own_shop', 'EUR', -20, -20, -18, 22.00, 'TEA-SET::2:59.00', '{"shipping_method": "dhl", "incoterm": "DAP", "margin": 31.00}'),
    ('1021', 'diego', 'shipped', 'ebay', 'MXN', -23, -23, -20, 180.00, 'KETTLE-EL::1:1050.00', '{"shipping_method": "cnpost", "protection_ends_on": 20}'),
    ('1022', 'liam', 'shipped', 'own_shop', 'CAD', -40, -40, -37, 9.90, 'BAG-LT:black:1:175.00', '{"shipping_method": "cnpost"}'),
    ('1039', 'olivia', 'shipped', 'own_shop', 'GBP', -13, -13, -11, 18.00, 'RUG-KL::1:149.00', '{"shipping_method": "dhl", "incoterm": "DAP", "duty_informed": false, "tax_collected_by": "carrier", "margin": 61.00}'),
    ('1040', 'lena', 'shipped', 'own_shop', 'EUR', -13, -13, -11, 22.00, 'RUG-KL::1:175.00', '{"shipping_method": "dhl", "incoterm": "DAP", "duty_informed": true, "tax_collected_by": "carrier", "margin": 60.00}'),
    ('1041', 'lucia', 'shipped', 'aliexpress', 'EUR', -17, -17, -14, 0, 'DRESS-LN:S:1:42.00', '{"shipping_method": "yun", "incoterm": "DDP", "tax_collected_by": "platform", "protection_ends_on": 43}'),
    -- at the door
    ('1023', 'hamish', 'shipped', 'own_shop', 'GBP', -14, -14, -12, 3.90, 'SCARF-SK:grey:1:15.00', '{"shipping_method": "yun"}'),
    ('1024', 'kasia', 'shipped', 'own_shop', 'PLN', -19, -19, -16, 19.90, 'SOCK-WL:39-42:3:29.00', '{"shipping_method": "cnpost"}'),
    ('1025', 'giulia', 'shipped', 'own_shop', 'EUR', -20, -20, -17, 4.90, 'LAMP-LED::1:23.00', '{"shipping_method": "cnpost"}'),
    ('1026', 'nancy', 'completed', 'own_shop', 'USD', -30, -30, -27, 4.90, 'LAMP-LED::1:24.50', '{"shipping_method": "cnpost"}'),
    ('1027', 'walt', 'completed', 'own_shop', 'USD', -18, -18, -16, 6.50, 'KNIFE-DM::1:79.00', '{"shipping_method": "yun"}'),
    ('1028', 'anna', 'completed', 'own_shop', 'EUR', -25, -25, -22, 5.90, 'DRESS-LN:M:1:42.00', '{"shipping_method": "yun"}'),
    ('1029', 'ruby', 'completed', 'own_shop', 'AUD', -95, -95, -92, 9.90, 'KETTLE-EL::1:88.00', '{"shipping_method": "yun"}'),
    ('1046', 'grace', 'completed', 'amazon', 'USD', -21, -21, -19, 0, 'TEA-SET::1:64.00', '{"shipping_method": "dhl"}'),
    ('1047', 'diego', 'completed', 'wish', 'USD', -36, -36, -33, 2.90, 'SOCK-WL:43-46:4:7.50', '{"shipping_method": "cnpost", "protection_ends_on": 12}'),
    -- late, lost, or back
    ('1030', 'jonas', 'shipped', 'own_shop', 'EUR', -42, -42, -39, 5.90, 'LAMP-BR:white:1:28.00', '{"shipping_method": "cnpost"}'),
    ('1031', 'lucia', 'shipped', 'own_shop', 'EUR', -60, -60, -57, 5.90, 'SCARF-SK:teal:1:17.00', '{"shipping_method": "cnpost"}'),
    ('1032', 'ciara', 'shipped', 'own_shop', 'EUR', -58, -58, -55, 5.90, 'PHONE-CS:walnut:1:12.00', '{"shipping_method": "cnpost"}'),
    ('1033', 'sanne', 'shipped', 'own_shop', 'EUR', -57, -57, -54, 5.90, 'LAMP-LED::1:23.00', '{"shipping_method": "cnpost"}'),
    ('1034', 'tom', 'shipped', 'own_shop', 'USD', -14, -14, -12, 4.90, 'LAMP-LED::2:24.50', '{"shipping_method": "cnpost"}'),
    ('1035', 'haruka', 'shipped', 'ebay', 'JPY', -55, -55, -52, 0, 'TEA-SET::1:9800', '{"shipping_method": "cnpost", "protection_ends_on": 4}'),
    ('1036', 'giulia', 'shipped', 'own_shop', 'EUR', -70, -70, -66, 1.90, 'PHONE-CS:walnut:1:12.00', '{"shipping_method": "economy"}'),
    ('1038', 'weiling', 'shipped', 'own_shop', 'SGD', -20, -20, -17, 0, 'TEA-SET::1:86.00 LAMP-BR:green:1:40.00', '{"shipping_method": "cnpost"}'),
    -- money and quarrels
    ('1042', 'rafael', 'shipped', 'ebay', 'USD', -44, -44, -41, 4.90, 'LAMP-LED::1:24.50', '{"shipping_method": "cnpost", "protection_ends_on": 6, "dispute": {"kind": "platform_case", "reason": "item not received", "opened_at": -2, "respond_by": 3}}'),
    ('1043', 'liam', 'shipped', 'own_shop', 'CAD', -50, -50, -47, 9.90, 'BAG-LT:tan:1:175.00', '{"shipping_method": "cnpost", "dispute": {"kind": "chargeback", "reason": "goods not received", "opened_at": -4, "respond_by": 9}}'),
    ('1044', 'kasia', 'completed', 'own_shop', 'PLN', -40, -40, -37, 19.90, 'DRESS-LN:S:1:185.00', '{"shipping_method": "yun", "refund": {"state": "issued", "amount": 185.00, "method": "BLIK", "at": -3}, "return": {"state": "received", "at": -5, "tracking_number": "RR"}}'),
    ('1045', 'claire', 'completed', 'own_shop', 'EUR', -28, -28, -25, 4.90, 'DRESS-LN:L:1:42.00', '{"shipping_method": "yun", "refund": {"state": "requested", "amount": 42.00, "method": "carte bancaire", "at": -4}, "return": {"state": "posted", "at": -2, "tracking_number": "RR"}}'),
    ('1058', 'ines', 'shipped', 'own_shop', 'EUR', -37, -37, -34, 22.00, 'BAG-LT:brown:1:119.00', '{"shipping_method": "dhl", "margin": 40.00}'),
    ('1059', 'priya', 'cancelled', 'own_shop', 'INR', -3, NULL, NULL, 900, 'SCARF-SK:gold:1:1490', '{"payment_failure": "three_d_secure"}'),
    ('1060', 'minjun', 'paid', 'own_shop', 'KRW', -1, -1, 3, 0, 'SCARF-SK:black:2:24000', '{"shipping_method": "dhl"}'))
    AS list (number, customer, status, platform, currency, placed, paid, ship_by, freight, items, more);

CREATE TEMPORARY TABLE demo_items ON COMMIT DROP AS
SELECT o.number, item.position, split_part(item.word, ':', 1) AS sku, nullif(split_part(item.word, ':', 2), '') AS variant,
       split_part(item.word, ':', 3)::integer AS quantity, split_part(item.word, ':', 4)::numeric AS price
  FROM demo_orders AS o, regexp_split_to_table(o.items, ' ') WITH ORDINALITY AS item (word, position);

DELETE FROM replyd_data.orders AS o USING demo_shop AS s, demo_orders AS d WHERE o.shop_id = s.shop_id AND o.number = d.number;

INSERT INTO replyd_data.orders (shop_id, number, body)
SELECT shop_id, o.number, jsonb_strip_nulls(jsonb_build_object(
           'status', o.status, 'platform', o.platform, 'currency', o.currency,
           'total', pg_temp.money(o.freight + (SELECT sum(quantity * price) FROM demo_items AS i WHERE i.number = o.number), o.currency),
           'freight', pg_temp.money(o.freight, o.currency),
           'margin', pg_temp.money((o.more->>'margin')::numeric, o.currency),
           'note', o.more->'note', 'payment_failure', o.more->'payment_failure',
           'placed_at', pg_temp.at_time(now() + o.placed * interval '1 day' - interval '3 hours'),
           'paid_at', pg_temp.at_time(now() + o.paid * interval '1 day' - interval '2 hours 50 minutes'),
           'ship_by', pg_temp.on_day(o.ship_by), 'new_ship_by', pg_temp.on_day((o.more->>'new_ship_by')::integer),
           'protection_ends_on', pg_temp.on_day((o.more->>'protection_ends_on')::integer),
           'shipping_method', o.more->'shipping_method', 'incoterm', o.more->'incoterm',
           'duty_informed', o.more->'duty_informed', 'tax_collected_by', o.more->'tax_collected_by',
           'customer', jsonb_build_object('name', c.name, 'email', c.email, 'country', c.country, 'language', c.language,
                                          'external_id', 'cust-' || c.key, 'marketing_consent', c.key IN ('nancy', 'anna', 'haruka')),
           'address', jsonb_build_object('line1', c.line1, 'city', c.city, 'postcode', c.postcode, 'country', c.country),
           'items', (SELECT jsonb_agg(jsonb_build_object('sku', i.sku, 'name', p.name, 'variant', i.variant, 'quantity', i.quantity,
                                                         'unit_price', pg_temp.money(i.price, o.currency)) ORDER BY i.position)
                       FROM demo_items AS i JOIN demo_products AS p USING (sku) WHERE i.number = o.number),
           'refund', CASE WHEN o.more ? 'refund' THEN jsonb_build_object('state', o.more#>'{refund,state}', 'method', o.more#>'{refund,method}',
                          'amount', pg_temp.money((o.more#>>'{refund,amount}')::numeric, o.currency),
                          'at', pg_temp.at_time(now() + (o.more#>>'{refund,at}')::integer * interval '1 day')) END,
           'return', CASE WHEN o.more ? 'return' THEN jsonb_build_object('state', o.more#>'{return,state}',
                          'tracking_number', pg_temp.s10(o.more#>>'{return,tracking_number}', 70000000 + o.number::integer, c.country),
                          'at', pg_temp.at_time(now() + (o.more#>>'{return,at}')::integer * interval '1 day')) END,
           'dispute', CASE WHEN o.more ? 'dispute' THEN jsonb_build_object('kind', o.more#>'{dispute,kind}', 'reason', o.more#>'{dispute,reason}',
                          'opened_at', pg_temp.at_time(now() + (o.more#>>'{dispute,opened_at}')::integer * interval '1 day'),
                          'respond_by', pg_temp.on_day((o.more#>>'{dispute,respond_by}')::integer)) END))
  FROM demo_orders AS o JOIN demo_customers AS c ON c.key = o.customer, demo_shop;

-- How parcels travel: hours after dispatch, the carrier's code or the state, its words, where. $ is the buyer's own place.
CREATE TEMPORARY TABLE demo_journeys (journey, step, hours, code_system, code, state, text, city, country) ON COMMIT DROP AS VALUES
    ('post', 1, 5, 'upu', 'EMA', NULL, 'Posting/Collection', 'Shenzhen', 'CN'),
    ('post', 2, 31, 'upu', 'EMB', NULL, 'Arrival at outward office of exchange', 'Guangzhou', 'CN'),
    ('post', 3, 40, 'upu', 'EXA', NULL, 'Item presented to export Customs/Security', 'Guangzhou', 'CN'),
    ('post', 4, 55, 'upu', 'EXC', NULL, 'Item returned from export Customs/Security', 'Guangzhou', 'CN'),
    ('post', 5, 80, 'upu', 'EMC', NULL, 'Departure from outward office of exchange', 'Guangzhou', 'CN'),
    ('post', 6, 190, 'upu', 'EMD', NULL, 'Arrival at inward office of exchange', NULL, '$'),
    ('post', 7, 202, 'upu', 'EDB', NULL, 'Item presented to import Customs', NULL, '$'),
    ('post', 8, 230, 'upu', 'EDC', NULL, 'Item returned from import Customs', NULL, '$'),
    ('post', 9, 238, 'upu', 'EMF', NULL, 'Departure from inward office of exchange', NULL, '$'),
    ('post', 10, 280, 'upu', 'EMG', NULL, 'Arrival at delivery office', '$', '$'),
    ('post', 11, 290, 'upu', 'EDG', NULL, 'Item out for physical delivery', '$', '$'),
    ('post', 12, 296, 'upu', 'EMI', NULL, 'Final delivery', '$', '$'),
    ('line', 1, 1, '17track', 'InfoReceived', NULL, 'Shipment information received', NULL, 'CN'),
    ('line', 2, 9, '17track', 'InTransit_PickedUp', NULL, 'Picked up by YunExpress', 'Dongguan', 'CN'),
    ('line', 3, 22, '17track', 'InTransit_Other', NULL, 'Departed from sorting center', 'Dongguan', 'CN'),
    ('line', 4, 50, '17track', 'InTransit_Departure', NULL, 'Flight departed', 'Hong Kong', 'HK'),
    ('line', 5, 98, '17track', 'InTransit_Arrival', NULL, 'Flight arrived', NULL, '$'),
    ('line', 6, 102, '17track', 'InTransit_CustomsProcessing', NULL, 'Customs clearance in progress', NULL, '$'),
    ('line', 7, 126, '17track', 'InTransit_CustomsReleased', NULL, 'Customs clearance completed', NULL, '$'),
    ('line', 8, 142, '17track', 'InTransit_Other', NULL, 'Handed over to the local carrier', NULL, '$'),
    ('line', 9, 167, '17track', 'OutForDelivery_Other', NULL, 'Out for delivery', '$', '$'),
    ('line', 10, 173, '17track', 'Delivered_Other', NULL, 'Delivered', '$', '$'),
    ('express', 1, 1, 'carrier', 'SD', 'label_created', 'Shipment information received', 'SHENZHEN', 'CN'),
    ('express', 2, 6, 'carrier', 'PU', 'in_transit_origin', 'Shipment picked up', 'SHENZHEN', 'CN'),
    ('express', 3, 10, 'carrier', 'PL', 'in_transit_origin', 'Processed at SHENZHEN - CHINA, PEOPLES REPUBLIC', 'SHENZHEN', 'CN'),
    ('express', 4, 28, 'carrier', 'DF', 'departed', 'Shipment has departed from a DHL facility HONG KONG - HONG KONG SAR, CHINA', 'HONG KONG', 'HK'),
    ('express', 5, 52, 'carrier', 'AR', 'arrived_destination', 'Arrived at DHL Sort Facility', NULL, '$'),
    ('express', 6, 55, 'carrier', 'RR', 'import_customs', 'Customs clearance status updated', NULL, '$'),
    ('express', 7, 60, 'carrier', 'CR', 'arrived_destination', 'Clearance processing complete', NULL, '$'),
    ('express', 8, 74, 'carrier', 'WC', 'out_for_delivery', 'Shipment is out with courier for delivery', '$', '$'),
    ('express', 9, 79, 'carrier', 'OK', 'delivered', 'Delivered', '$', '$');

-- Parcels: order, which of its parcels, journey, days since dispatch, days until promised, last step seen, more of the body.
CREATE TEMPORARY TABLE demo_parcels (number, parcel, journey, shipped, promised, steps, more) ON COMMIT DROP AS
SELECT number, parcel, journey, shipped, promised, steps, more::jsonb FROM (VALUES
    ('1001', 1, 'post', -45, -10, 5, '{"claim_by": 45, "return_cost": 21.00, "free_return": false}'),
    ('1002', 1, 'post', -13, 17, 9, '{}'),
    ('1010', 1, 'line', -1, 13, 1, '{}'),
    ('1011', 1, 'line', -6, 8, 1, '{}'),
    ('1012', 1, 'post', -2, 28, 2, '{}'),
    ('1013', 1, 'post', -3, 27, 3, '{}'),
    ('1014', 1, 'post', -9, 21, 5, '{}'),
    ('1015', 1, 'post', -31, -3, 5, '{"claim_by": 59}'),
    ('1016', 1, 'post', -12, 18, 7, '{}'),
    ('1037', 1, 'post', -19, 11, 6, '{}'),
    ('1048', 1, 'post', -6, 24, 5, '{}'),
    ('1049', 1, 'express', -4, 2, 6, '{}'),
    ('1050', 1, 'express', -3, 3, 5, '{}'),
    ('1051', 1, 'post', -15, 15, 9, '{}'),
    ('1052', 1, 'post', -9, 21, 5, '{}'),
    ('1053', 1, 'post', -11, 19, 5, '{}'),
    ('1054', 1, 'express', -2, 4, 4, '{"return_cost": 68.00, "free_return": false}'),
    ('1055', 1, 'post', -7, 23, 5, '{"free_return": true}'),
    ('1017', 1, 'post', -21, 9, 7, '{"customs": {"reason": "identity_number_missing", "party": "buyer", "document": "CPF", "pay_to": "Correios, Minhas Importações", "act_by": 8}}'),
    ('1018', 1, 'express', -17, -11, 6, '{"customs": {"reason": "documents_missing", "party": "seller", "document": "commercial invoice"}}'),
    ('1019', 1, 'express', -18, -12, 6, '{"customs": {"reason": "undervalued", "party": "seller", "document": "proof of payment"}}'),
    ('1020', 1, 'express', -18, -12, 6, '{"customs": {"reason": "antidumping", "party": "buyer", "duty": 43.00, "act_by": 4}, "return_cost": 61.00, "free_return": false}'),
    ('1021', 1, 'post', -20, 10, 7, '{"customs": {"reason": "unknown", "party": "unknown"}}'),
    ('1022', 1, 'post', -37, -7, 7, '{"customs": {"reason": "counterfeit", "party": "customs"}}'),
    ('1039', 1, 'express', -11, -5, 6, '{"customs": {"reason": "duty_unpaid", "party": "buyer", "duty": 33.40, "pay_to": "DHL Express", "act_by": 6}, "return_cost": 74.00, "free_return": false}'),
    ('1040', 1, 'express', -11, -5, 6, '{"customs": {"reason": "duty_unpaid", "party": "buyer", "duty": 39.40, "pay_to": "DHL Express", "act_by": 6}, "return_cost": 74.00, "free_return": false}'),
    ('1041', 1, 'line', -14, -1, 8, '{}'),
    ('1023', 1, 'line', -7, 7, 9, '{}'),
    ('1024', 1, 'post', -16, 14, 10, '{"pickup_point": "Urząd Pocztowy Kraków 5, ul. Wielopole 2", "pickup_by": 6}'),
    ('1025', 1, 'post', -17, 13, 11, '{}'),
    ('1026', 1, 'post', -27, 3, 12, '{"signed_by": "N DREW"}'),
    ('1027', 1, 'line', -16, -2, 9, '{}'),
    ('1028', 1, 'line', -22, -8, 10, '{}'),
    ('1029', 1, 'line', -92, -78, 10, '{}'),
    ('1046', 1, 'express', -19, -13, 9, '{"signed_by": "OKAFOR", "weight_g": 2360}'),
    ('1047', 1, 'post', -33, -3, 12, '{"weight_g": 205, "expected_weight_g": 385}'),
    ('1030', 1, 'post', -39, -9, 11, '{"return": {"reason": "not_home", "cause": "buyer"}}'),
    ('1031', 1, 'post', -57, -27, 11, '{"return": {"reason": "not_collected", "cause": "buyer"}}'),
    ('1032', 1, 'post', -55, -25, 10, '{"return": {"reason": "wrong_address", "cause": "seller"}}'),
    ('1033', 1, 'post', -54, -24, 10, '{"return": {"reason": "undeliverable", "cause": "carrier"}}'),
    ('1034', 1, 'post', -12, 18, 3, '{"return": {"reason": "not_exported", "cause": "carrier"}}'),
    ('1035', 1, 'post', -52, -22, 5, '{"claim_by": 8}'),
    ('1036', 1, 'economy', -66, -12, 0, '{"tracked": false}'),
    ('1038', 1, 'post', -17, 13, 12, '{"signed_by": "LIM HL", "items": [{"sku": "TEA-SET", "quantity": 1}]}'),
    ('1038', 2, 'post', -12, 18, 6, '{"items": [{"sku": "LAMP-BR", "quantity": 1}]}'),
    ('1042', 1, 'post', -41, -11, 6, '{"claim_by": 49}'),
    ('1043', 1, 'post', -47, -17, 5, '{"claim_by": 13}'),
    ('1044', 1, 'line', -37, -23, 10, '{}'),
    ('1045', 1, 'line', -25, -11, 10, '{}'),
    ('1058', 1, 'express', -34, -28, 6, '{"claim_by": 20}'))
    AS list (number, parcel, journey, shipped, promised, steps, more);

CREATE TEMPORARY TABLE demo_shipments ON COMMIT DROP AS
SELECT p.*, o.currency, c.city, c.postcode, c.country, now() + p.shipped * interval '1 day' - interval '4 hours' AS shipped_at,
       CASE p.journey
           WHEN 'post' THEN pg_temp.s10('RB', 40000000 + p.number::integer * 10 + p.parcel, 'CN')
           WHEN 'line' THEN 'YT' || 2300000000000000 + p.number::integer * 10 + p.parcel
           WHEN 'express' THEN (4720000000 + p.number::integer * 10 + p.parcel)::text
           ELSE 'economy-' || p.number END AS tracking_number
  FROM demo_parcels AS p JOIN demo_orders AS o USING (number) JOIN demo_customers AS c ON c.key = o.customer;

INSERT INTO replyd_data.shipments (shop_id, order_number, tracking_number, body)
SELECT shop_id, number, tracking_number, jsonb_strip_nulls(
           '{"tracked": true}' || carrier.body::jsonb || (more - '{customs,claim_by,pickup_by,return_cost}'::text[]) || jsonb_build_object(
           'tracking_url', CASE WHEN journey <> 'economy' THEN 'https://t.17track.net/en#nums=' || tracking_number END,
           'shipped_at', pg_temp.at_time(shipped_at), 'promised_by', pg_temp.on_day(promised),
           'claim_by', pg_temp.on_day((more->>'claim_by')::integer), 'pickup_by', pg_temp.on_day((more->>'pickup_by')::integer),
           'return_cost', pg_temp.money((more->>'return_cost')::numeric, currency),
           'customs', CASE WHEN more ? 'customs' THEN (more->'customs') - '{duty,act_by}'::text[] || jsonb_build_object(
                           'duty', pg_temp.money((more#>>'{customs,duty}')::numeric, currency),
                           'act_by', pg_temp.on_day((more#>>'{customs,act_by}')::integer)) END))
  FROM demo_shipments
  JOIN (VALUES
      ('post', '{"carrier": "China Post", "carrier_kind": "post", "service": "Registered air mail", "carrier_phone": "+86 11183"}'),
      ('line', '{"carrier": "YunExpress", "carrier_kind": "line", "service": "YunExpress line"}'),
      ('express', '{"carrier": "DHL Express", "carrier_kind": "express", "service": "Express Worldwide", "carrier_phone": "+86 95380"}'),
      ('economy', '{"carrier": "SunYou", "carrier_kind": "economy", "service": "Economy"}'))
      AS carrier (journey, body) USING (journey), demo_shop;

-- What ended the journeys that did not go as they should: order, parcel, days ago, and the event.
CREATE TEMPORARY TABLE demo_turns (number, parcel, days_ago, code_system, code, state, text, city, country) ON COMMIT DROP AS VALUES
    ('1017', 1, 9, 'upu', 'EME', NULL, 'Held by import Customs', 'CURITIBA', '$'),
    ('1018', 1, 13, 'carrier', 'UD', 'customs_held', 'Clearance event: further paperwork is required', 'LEIPZIG', '$'),
    ('1019', 1, 14, 'carrier', 'UD', 'customs_held', 'Uncontrollable clearance delay', 'BENGALURU', '$'),
    ('1020', 1, 14, 'carrier', 'UD', 'customs_held', 'Clearance delay', 'ROISSY CDG', '$'),
    ('1021', 1, 8, 'upu', 'EME', NULL, 'Held by import Customs', NULL, '$'),
    ('1022', 1, 20, 'carrier', 'SZ', 'seized', 'Item seized by Customs', 'Mississauga', '$'),
    ('1039', 1, 7, 'carrier', 'BA', 'customs_held', 'Duties and taxes are to be paid by the receiver before delivery', 'EAST MIDLANDS', '$'),
    ('1040', 1, 7, 'carrier', 'BA', 'customs_held', 'Duties and taxes are to be paid by the receiver before delivery', 'WIEN', '$'),
    ('1024', 1, 2, 'upu', 'EDH', NULL, 'Item ready at the collection point', '$', '$'),
    ('1025', 1, 1, 'upu', 'EMH', NULL, 'Unsuccessful delivery', '$', '$'),
    ('1027', 1, 5, '17track', 'Delivered_Other', NULL, 'Delivered, left with individual', 'Fresno', '$'),
    ('1030', 1, 20, 'upu', 'EMH', NULL, 'Unsuccessful delivery', '$', '$'),
    ('1030', 1, 8, 'carrier', 'RTS', 'returning', 'Item is being returned to sender', '$', '$'),
    ('1031', 1, 38, 'upu', 'EDH', NULL, 'Item ready at the collection point', '$', '$'),
    ('1031', 1, 22, 'carrier', 'RTS', 'returning', 'Unclaimed, returned to sender', '$', '$'),
    ('1031', 1, 4, 'carrier', 'RTD', 'returned', 'Returned item delivered to sender', 'Shenzhen', 'CN'),
    ('1032', 1, 36, 'carrier', 'RTS', 'returning', 'Insufficient address, returned to sender', '$', '$'),
    ('1032', 1, 5, 'carrier', 'RTD', 'returned', 'Returned item delivered to sender', 'Shenzhen', 'CN'),
    ('1033', 1, 33, 'carrier', 'RTS', 'returning', 'Undeliverable as addressed', '$', '$'),
    ('1033', 1, 6, 'carrier', 'RTD', 'returned', 'Returned item delivered to sender', 'Shenzhen', 'CN'),
    ('1034', 1, 6, 'upu', 'EXB', NULL, 'Item held by export Customs/Security', 'Guangzhou', 'CN'),
    ('1034', 1, 3, 'carrier', 'RTD', 'returned', '安检退回，已退回寄件人', 'Shenzhen', 'CN'),
    ('1035', 1, 5, 'carrier', 'LO', 'lost', 'Enquiry closed: item declared lost', NULL, 'CN'),
    ('1053', 1, 4, 'carrier', 'ZZ9', NULL, 'Event registered', NULL, NULL),
    ('1058', 1, 22, 'carrier', 'LO', 'lost', 'Shipment could not be located, investigation closed', 'LISBOA', '$');

INSERT INTO replyd_data.events (shop_id, order_number, tracking_number, body)
SELECT shop_id, number, tracking_number, jsonb_strip_nulls(jsonb_build_object(
           'at', pg_temp.at_time(at), 'code_system', code_system, 'code', code, 'state', state, 'text', text,
           'city', CASE city WHEN '$' THEN home ELSE city END,
           'postcode', CASE city WHEN '$' THEN postcode END,
           'country', CASE place WHEN '$' THEN country ELSE place END))
  FROM (SELECT s.number, s.tracking_number, s.city AS home, s.postcode, s.country, s.shipped_at + j.hours * interval '1 hour' AS at,
               j.code_system, j.code, j.state, j.text, j.city, j.country AS place
          FROM demo_shipments AS s JOIN demo_journeys AS j ON j.journey = s.journey AND j.step <= s.steps
        UNION ALL
        SELECT s.number, s.tracking_number, s.city, s.postcode, s.country, now() - t.days_ago * interval '1 day',
               t.code_system, t.code, t.state, t.text, t.city, t.country
          FROM demo_shipments AS s JOIN demo_turns AS t USING (number, parcel)) AS happened, demo_shop;

COMMIT;
