-- The read contract: all that the service reads of a case, as views. These read our own tables; a shop whose orders are in
-- PostgreSQL already replaces them (sql/README.md says how and what every column means).
BEGIN;

CREATE SCHEMA replyd;
COMMENT ON SCHEMA replyd IS 'The read contract of replyd: replace the views to serve a shop from its own tables. See sql/README.md.';

CREATE VIEW replyd.orders AS
SELECT shop_id, number, status, platform, currency, total, freight, margin, note, placed_at, paid_at, ship_by, new_ship_by,
       protection_ends_on, shipping_method, duty_informed, payment_failure, tax_collected_by, incoterm,
       customer_name, customer_email, customer_country, customer_language, customer_id,
       (replyd_data.instant_from(body->'customer'->>'birthday') AT TIME ZONE 'UTC')::date AS customer_birthday,
       (body->'customer'->>'marketing_consent')::boolean AS customer_marketing_consent,
       address_line1, address_city, address_postcode, address_country,
       refund_state, refund_amount, refund_method, refund_at, return_state, return_tracking_number, return_at,
       dispute_kind, dispute_reason, dispute_opened_at, dispute_respond_by
  FROM replyd_data.orders;
COMMENT ON VIEW replyd.orders IS 'Orders: one row for (shop_id, number).';

CREATE VIEW replyd.order_items AS
SELECT o.shop_id, o.number AS order_number, item.position::integer AS position,
       item.body->>'sku' AS sku, item.body->>'name' AS name, item.body->>'variant' AS variant,
       (item.body->>'quantity')::numeric::bigint AS quantity,
       replyd_data.amount(item.body->'unit_price', o.currency) AS unit_price
  FROM replyd_data.orders AS o
 CROSS JOIN LATERAL jsonb_array_elements(
           CASE WHEN jsonb_typeof(o.body->'items') = 'array' THEN o.body->'items' END)
       WITH ORDINALITY AS item (body, position);
COMMENT ON VIEW replyd.order_items IS 'Lines of orders: one row for (shop_id, order_number, position).';

CREATE VIEW replyd.products AS
SELECT shop_id, sku, name, body->>'description' AS description, body->>'material' AS material,
       (body->'price'->>'amount')::numeric AS price, body->'price'->>'currency' AS price_currency,
       (body->'floor_price'->>'amount')::numeric AS floor_price, body->'floor_price'->>'currency' AS floor_price_currency,
       cost, cost_currency, (body->>'stock')::numeric::bigint AS stock,
       replyd_data.instant_by(body->>'restock_on') AS restock_on, body->>'unit_of_sale' AS unit_of_sale,
       (body->>'units_per_pack')::numeric::bigint AS units_per_pack, (body->>'weight_g')::numeric AS weight_g,
       body->>'low_price_reason' AS low_price_reason, (body->>'quality_guarantee')::boolean AS quality_guarantee,
       body->>'voltage' AS voltage, body->>'plug' AS plug, body->>'manual_url' AS manual_url,
       body->'variants' AS variants, body->'size_chart' AS size_chart, body->'price_tiers' AS price_tiers,
       ARRAY(SELECT jsonb_array_elements_text(
           CASE WHEN jsonb_typeof(body->'alternatives') = 'array' THEN body->'alternatives' END)) AS alternatives
  FROM replyd_data.products;
COMMENT ON VIEW replyd.products IS 'Products: one row for (shop_id, sku).';

CREATE VIEW replyd.shipments AS
SELECT shop_id, order_number, tracking_number, carrier, carrier_kind, service, tracked, tracking_url, carrier_phone,
       shipped_at, promised_by, claim_by, pickup_by, pickup_point, signed_by, weight_g, expected_weight_g,
       free_return, return_cost, return_cost_currency, return_reason, return_cause,
       customs_reason, customs_party, customs_document, customs_duty, customs_duty_currency, customs_pay_to, customs_act_by,
       body->'items' AS items
  FROM replyd_data.shipments;
COMMENT ON VIEW replyd.shipments IS 'Parcels: one row for (shop_id, order_number, tracking_number).';

CREATE VIEW replyd.shipment_events AS
SELECT shop_id, order_number, tracking_number, at, digest AS id, text, code, code_system, state, city, postcode, country
  FROM replyd_data.events;
COMMENT ON VIEW replyd.shipment_events IS 'What happened to parcels: one row for (shop_id, order_number, tracking_number, at, id).';

CREATE VIEW replyd.contacts AS
SELECT s.shop_id, s.id, s.conversation_id, s.order_number, s.message_id, s.buyer_email, s.buyer_id, s.issue, s.received_at,
       EXISTS (SELECT FROM replyd_data.feedback AS f
                WHERE f.shop_id = s.shop_id AND f.suggestion_id = s.id AND f.outcome IN ('sent', 'edited')) AS sent,
       s.offered, s.promised_refund, s.follow_up_at
  FROM replyd_data.suggestions AS s
 WHERE s.message_id IS NOT NULL;
COMMENT ON VIEW replyd.contacts IS 'Messages answered before: one row for (shop_id, id). Always ours: nobody else knows.';

CREATE VIEW replyd.reviews AS
SELECT s.shop_id, s.id, s.buyer_email, s.buyer_id, s.received_at, coalesce(s.message_id, s.order_number, s.id::text) AS review
  FROM replyd_data.suggestions AS s
 WHERE s.trigger IN ('positive_review', 'neutral_review', 'negative_review')
    OR s.intent IN ('leave_positive_review', 'leave_neutral_review', 'leave_negative_review');
-- beside the indexes that find all of a buyer's suggestions: these hold what the view shows, and cost other rows nothing
CREATE INDEX reviews_by_buyer_email ON replyd_data.suggestions (shop_id, buyer_email)
 WHERE trigger IN ('positive_review', 'neutral_review', 'negative_review')
    OR intent IN ('leave_positive_review', 'leave_neutral_review', 'leave_negative_review');
CREATE INDEX reviews_by_buyer_id ON replyd_data.suggestions (shop_id, buyer_id)
 WHERE trigger IN ('positive_review', 'neutral_review', 'negative_review')
    OR intent IN ('leave_positive_review', 'leave_neutral_review', 'leave_negative_review');
COMMENT ON VIEW replyd.reviews IS 'Reviews answered before: one row for (shop_id, id). Always ours: nobody else knows.';

-- plpgsql keeps its plan: an SQL function that can't be inlined is planned at every call, ten times the cost.
CREATE FUNCTION replyd_data.is_own(view_name text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM pg_rewrite AS rule
          JOIN pg_depend AS needs ON needs.classid = 'pg_rewrite'::regclass AND needs.objid = rule.oid
                                 AND needs.refclassid = 'pg_class'::regclass
         WHERE rule.ev_class = to_regclass('replyd.' || quote_ident(view_name))
           AND needs.refobjid = to_regclass('replyd_data.' || CASE view_name
                   WHEN 'order_items' THEN 'orders' WHEN 'shipment_events' THEN 'events' WHEN 'contacts' THEN 'suggestions'
                   WHEN 'reviews' THEN 'suggestions'
                   ELSE quote_ident(view_name) END));
END $$;
COMMENT ON FUNCTION replyd_data.is_own(text) IS
    'Does that view of the contract read our own table of its kind? If not, objects of that kind can''t be sent in (409).';

DO $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT * FROM (VALUES
        ('orders', 'shop_id', 'The shop.'),
        ('orders', 'number', 'As buyers know it.'),
        ('orders', 'status', 'unpaid, paid, packed, shipped, completed, cancelled, refunded.'),
        ('orders', 'platform', 'own_shop, amazon, ebay, aliexpress, wish, other.'),
        ('orders', 'currency', 'ISO 4217; of every amount in this row and of its lines'' prices.'),
        ('orders', 'total', 'What the buyer paid.'),
        ('orders', 'freight', 'What of it is freight.'),
        ('orders', 'margin', 'The seller''s profit.'),
        ('orders', 'note', 'The buyer''s note.'),
        ('orders', 'placed_at', 'When it was ordered.'),
        ('orders', 'paid_at', 'When it was paid.'),
        ('orders', 'ship_by', 'When it was to be dispatched.'),
        ('orders', 'new_ship_by', 'The later date, once the first can''t be kept.'),
        ('orders', 'protection_ends_on', 'When the platform''s buyer protection ends.'),
        ('orders', 'shipping_method', 'The code of the shipping method.'),
        ('orders', 'duty_informed', 'Was the buyer told about import duty before buying?'),
        ('orders', 'payment_failure', 'security_code, insufficient_funds, limit_exceeded, three_d_secure, verification_failed, card_declined, other.'),
        ('orders', 'tax_collected_by', 'seller, platform, carrier, unknown.'),
        ('orders', 'incoterm', 'DAP, DDP ...'),
        ('orders', 'customer_name', 'The buyer.'),
        ('orders', 'customer_email', 'A request''s buyer must match this or customer_id.'),
        ('orders', 'customer_country', 'ISO 3166-1 alpha-2.'),
        ('orders', 'customer_language', 'BCP 47.'),
        ('orders', 'customer_id', 'The buyer''s id in the shop or on the platform.'),
        ('orders', 'customer_birthday', 'The day; of the year only month and day count.'),
        ('orders', 'customer_marketing_consent', 'May the buyer be sent marketing?'),
        ('orders', 'address_line1', 'Where it goes.'),
        ('orders', 'address_city', 'Where it goes.'),
        ('orders', 'address_postcode', 'Where it goes.'),
        ('orders', 'address_country', 'Where it goes; ISO 3166-1 alpha-2.'),
        ('orders', 'refund_state', 'requested, approved, issued, completed, rejected.'),
        ('orders', 'refund_amount', 'How much.'),
        ('orders', 'refund_method', 'The way it goes back.'),
        ('orders', 'refund_at', 'When the state was reached.'),
        ('orders', 'return_state', 'none, requested, posted, received.'),
        ('orders', 'return_tracking_number', 'The number of the parcel back.'),
        ('orders', 'return_at', 'When the state was reached.'),
        ('orders', 'dispute_kind', 'platform_case, chargeback.'),
        ('orders', 'dispute_reason', 'What the buyer says there.'),
        ('orders', 'dispute_opened_at', 'When it was opened.'),
        ('orders', 'dispute_respond_by', 'Until when the seller must answer.'),
        ('order_items', 'shop_id', 'The shop.'),
        ('order_items', 'order_number', 'The order.'),
        ('order_items', 'position', 'The lines'' order.'),
        ('order_items', 'sku', 'The product.'),
        ('order_items', 'name', 'As the buyer saw it; without one, the product''s.'),
        ('order_items', 'variant', 'Colour, size ...'),
        ('order_items', 'quantity', 'How many; unknown counts as 1.'),
        ('order_items', 'unit_price', 'In the order''s currency.'),
        ('products', 'shop_id', 'The shop.'),
        ('products', 'sku', 'The shop''s number of the product.'),
        ('products', 'name', 'Its name.'),
        ('products', 'description', 'In sentences, for buyers.'),
        ('products', 'material', 'What it is made of.'),
        ('products', 'price', 'What a piece, or a unit of sale, costs the buyer.'),
        ('products', 'price_currency', 'ISO 4217.'),
        ('products', 'floor_price', 'Below it nothing is ever offered.'),
        ('products', 'floor_price_currency', 'ISO 4217.'),
        ('products', 'cost', 'What a piece costs the seller.'),
        ('products', 'cost_currency', 'ISO 4217.'),
        ('products', 'stock', 'How many there are; where variants say so, of all.'),
        ('products', 'restock_on', 'When there will be more.'),
        ('products', 'unit_of_sale', 'piece, pair, dozen, pack ...'),
        ('products', 'units_per_pack', 'Pieces in a unit of sale.'),
        ('products', 'weight_g', 'Of a piece, packed.'),
        ('products', 'low_price_reason', 'Why it is cheaper than elsewhere.'),
        ('products', 'quality_guarantee', 'Is its quality guaranteed?'),
        ('products', 'voltage', 'As on its label: 220 V, 100-240 V.'),
        ('products', 'plug', 'Its type: A, C, G ...'),
        ('products', 'manual_url', 'Where its manual is.'),
        ('products', 'variants', 'An array of {sku, name, color, size, stock}, as in PUT /v1/products.'),
        ('products', 'size_chart', 'An array of {size, bust_cm, waist_cm, hip_cm, length_cm, sleeve_cm, foot_cm}, each of these [from, to].'),
        ('products', 'price_tiers', 'An array of {min_quantity, unit_price, freight_included, wholesale}; money as {amount, currency}.'),
        ('products', 'alternatives', 'SKUs of products to offer instead, the best first.'),
        ('shipments', 'shop_id', 'The shop.'),
        ('shipments', 'order_number', 'The order.'),
        ('shipments', 'tracking_number', 'The carrier''s number, or a stable name for a parcel without one.'),
        ('shipments', 'carrier', 'The carrier''s name.'),
        ('shipments', 'carrier_kind', 'post, express, line, economy.'),
        ('shipments', 'service', 'The carrier''s product.'),
        ('shipments', 'tracked', 'Can it be followed?'),
        ('shipments', 'tracking_url', 'The page where.'),
        ('shipments', 'carrier_phone', 'For the buyer, where the platform allows one.'),
        ('shipments', 'shipped_at', 'When it was handed over.'),
        ('shipments', 'promised_by', 'When the buyer was told to have it.'),
        ('shipments', 'claim_by', 'Until when the carrier takes a claim.'),
        ('shipments', 'pickup_by', 'Until when it can be collected.'),
        ('shipments', 'pickup_point', 'Where it can be collected.'),
        ('shipments', 'signed_by', 'Who signed for it.'),
        ('shipments', 'weight_g', 'As weighed when it was handed over.'),
        ('shipments', 'expected_weight_g', 'What the whole contents weigh.'),
        ('shipments', 'free_return', 'Does the carrier bring it back for nothing?'),
        ('shipments', 'return_cost', 'What bringing it back costs the seller.'),
        ('shipments', 'return_cost_currency', 'ISO 4217.'),
        ('shipments', 'return_reason', 'wrong_address, refused, not_collected, not_home, undeliverable, prohibited, customs, not_exported, other.'),
        ('shipments', 'return_cause', 'buyer, seller, carrier, unknown.'),
        ('shipments', 'customs_reason', 'identity_number_missing, duty_unpaid, buyer_document_missing, documents_missing, vague_description, undervalued, antidumping, restricted, counterfeit, inspection, unknown.'),
        ('shipments', 'customs_party', 'buyer, seller, customs, unknown.'),
        ('shipments', 'customs_document', 'Which paper is asked for.'),
        ('shipments', 'customs_duty', 'What is to be paid.'),
        ('shipments', 'customs_duty_currency', 'ISO 4217.'),
        ('shipments', 'customs_pay_to', 'To whom.'),
        ('shipments', 'customs_act_by', 'Until when.'),
        ('shipments', 'items', 'What is in it: an array of {sku, quantity}.'),
        ('shipment_events', 'shop_id', 'The shop.'),
        ('shipment_events', 'order_number', 'The order.'),
        ('shipment_events', 'tracking_number', 'The parcel.'),
        ('shipment_events', 'at', 'When it happened.'),
        ('shipment_events', 'id', 'Tells events of one moment apart and orders them; of any type.'),
        ('shipment_events', 'text', 'The carrier''s words.'),
        ('shipment_events', 'code', 'The carrier''s or aggregator''s code.'),
        ('shipment_events', 'code_system', 'upu, aftership, 17track, carrier.'),
        ('shipment_events', 'state', 'The shipment state; null: derived from code or text.'),
        ('shipment_events', 'city', 'Where it happened.'),
        ('shipment_events', 'postcode', 'Where it happened.'),
        ('shipment_events', 'country', 'Where it happened; ISO 3166-1 alpha-2.'),
        ('contacts', 'shop_id', 'The shop.'),
        ('contacts', 'id', 'The suggestion; grows with time.'),
        ('contacts', 'conversation_id', 'The conversation.'),
        ('contacts', 'order_number', 'The order that it was about.'),
        ('contacts', 'message_id', 'The message.'),
        ('contacts', 'buyer_email', 'The buyer, in lower case.'),
        ('contacts', 'buyer_id', 'The buyer''s id in the shop or on the platform.'),
        ('contacts', 'issue', 'What the matter was.'),
        ('contacts', 'received_at', 'When the message came in.'),
        ('contacts', 'sent', 'Did the answer go out?'),
        ('contacts', 'offered', 'What the answer offered the buyer.'),
        ('contacts', 'promised_refund', 'Did it promise money back?'),
        ('contacts', 'follow_up_at', 'When the answer said that the next would come.'),
        ('reviews', 'shop_id', 'The shop.'),
        ('reviews', 'id', 'The suggestion; grows with time.'),
        ('reviews', 'buyer_email', 'The buyer, in lower case.'),
        ('reviews', 'buyer_id', 'The buyer''s id in the shop or on the platform.'),
        ('reviews', 'received_at', 'When the review came in.'),
        ('reviews', 'review', 'Tells reviews apart: one may have been answered again.')) AS comments (view_name, column_name, comment)
    LOOP
        EXECUTE format('COMMENT ON COLUMN replyd.%I.%I IS %L', c.view_name, c.column_name, c.comment);
    END LOOP;
END $$;

INSERT INTO replyd_data.migrations (number, name) VALUES (4, '0004-read-contract.sql');
COMMIT;
