-- What shops send in: orders, parcels, products, calendar. An object is stored once, as the body that PUT carried
-- (checked by the service before); what every read of a case needs of it are generated columns, so that one upsert
-- serves every kind and nothing can disagree with the body. What is read for few cases the views take from the body.
BEGIN;

-- The casts behind these depend on the session's time zone only for texts without an offset, which the service refuses:
-- that makes them immutable. plpgsql because an SQL function that can't be inlined costs ten times as much.
CREATE FUNCTION replyd_data.instant(t text) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS
    'BEGIN RETURN t::timestamptz; END';
COMMENT ON FUNCTION replyd_data.instant(text) IS 'A time (RFC 3339).';

CREATE FUNCTION replyd_data.instant_by(t text) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF length(t) > 10 THEN
        RETURN t::timestamptz;
    END IF;
    RETURN (t || 'T23:59:59Z')::timestamptz;
END $$;
COMMENT ON FUNCTION replyd_data.instant_by(text) IS 'A time, or a date: then the last second of that day, UTC.';

CREATE FUNCTION replyd_data.instant_from(t text) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF length(t) > 10 THEN
        RETURN t::timestamptz;
    END IF;
    RETURN (t || 'T00:00:00Z')::timestamptz;
END $$;
COMMENT ON FUNCTION replyd_data.instant_from(text) IS 'A time, or a date: then the first second of that day, UTC.';

-- Not strict: a strict one would not be inlined.
CREATE FUNCTION replyd_data.amount(money jsonb, currency text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT CASE WHEN money->>'currency' = currency THEN (money->>'amount')::numeric END $$;
COMMENT ON FUNCTION replyd_data.amount(jsonb, text) IS 'The amount, if it is of that currency; else null: amounts are not converted here.';

CREATE FUNCTION replyd_data.order_currency(body jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT coalesce(body->>'currency', body->'total'->>'currency') $$;
COMMENT ON FUNCTION replyd_data.order_currency(jsonb) IS 'The currency of an order: as said, else its total''s.';

-- Numbers every write of every object: an ETag that is never used twice, not even after DELETE and PUT.
CREATE SEQUENCE replyd_data.revisions;
COMMENT ON SEQUENCE replyd_data.revisions IS 'Numbers writes; see the revision columns.';

CREATE TABLE replyd_data.products (
    shop_id       bigint NOT NULL,
    sku           text NOT NULL,
    body          jsonb NOT NULL,
    revision      bigint NOT NULL DEFAULT nextval('replyd_data.revisions'),
    changed_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz GENERATED ALWAYS AS (replyd_data.instant(body->>'updated_at')) STORED,
    name          text GENERATED ALWAYS AS (body->>'name') STORED,
    cost          numeric GENERATED ALWAYS AS ((body->'cost'->>'amount')::numeric) STORED,
    cost_currency text GENERATED ALWAYS AS (body->'cost'->>'currency') STORED,
    PRIMARY KEY (shop_id, sku)
);
COMMENT ON TABLE replyd_data.products IS 'Products, by SKU.';
COMMENT ON COLUMN replyd_data.products.sku IS 'The shop''s number of the product.';
COMMENT ON COLUMN replyd_data.products.name IS 'Its name.';
COMMENT ON COLUMN replyd_data.products.cost IS 'What a piece costs the seller.';
COMMENT ON COLUMN replyd_data.products.cost_currency IS 'The currency of cost.';

CREATE TABLE replyd_data.orders (
    shop_id                bigint NOT NULL,
    number                 text NOT NULL,
    body                   jsonb NOT NULL,
    revision               bigint NOT NULL DEFAULT nextval('replyd_data.revisions'),
    changed_at             timestamptz NOT NULL DEFAULT now(),
    updated_at             timestamptz GENERATED ALWAYS AS (replyd_data.instant(body->>'updated_at')) STORED,
    status                 text GENERATED ALWAYS AS (body->>'status') STORED,
    platform               text GENERATED ALWAYS AS (body->>'platform') STORED,
    currency               text GENERATED ALWAYS AS (replyd_data.order_currency(body)) STORED,
    total                  numeric GENERATED ALWAYS AS (replyd_data.amount(body->'total', replyd_data.order_currency(body))) STORED,
    freight                numeric GENERATED ALWAYS AS (replyd_data.amount(body->'freight', replyd_data.order_currency(body))) STORED,
    margin                 numeric GENERATED ALWAYS AS (replyd_data.amount(body->'margin', replyd_data.order_currency(body))) STORED,
    note                   text GENERATED ALWAYS AS (body->>'note') STORED,
    placed_at              timestamptz GENERATED ALWAYS AS (replyd_data.instant(body->>'placed_at')) STORED,
    paid_at                timestamptz GENERATED ALWAYS AS (replyd_data.instant(body->>'paid_at')) STORED,
    ship_by                timestamptz GENERATED ALWAYS AS (replyd_data.instant_by(body->>'ship_by')) STORED,
    new_ship_by            timestamptz GENERATED ALWAYS AS (replyd_data.instant_by(body->>'new_ship_by')) STORED,
    protection_ends_on     timestamptz GENERATED ALWAYS AS (replyd_data.instant_by(body->>'protection_ends_on')) STORED,
    shipping_method        text GENERATED ALWAYS AS (body->>'shipping_method') STORED,
    duty_informed          boolean GENERATED ALWAYS AS ((body->>'duty_informed')::boolean) STORED,
    payment_failure        text GENERATED ALWAYS AS (body->>'payment_failure') STORED,
    tax_collected_by       text GENERATED ALWAYS AS (body->>'tax_collected_by') STORED,
    incoterm               text GENERATED ALWAYS AS (body->>'incoterm') STORED,
    customer_name          text GENERATED ALWAYS AS (body->'customer'->>'name') STORED,
    customer_email         text GENERATED ALWAYS AS (body->'customer'->>'email') STORED,
    customer_country       text GENERATED ALWAYS AS (body->'customer'->>'country') STORED,
    customer_language      text GENERATED ALWAYS AS (body->'customer'->>'language') STORED,
    customer_id            text GENERATED ALWAYS AS (body->'customer'->>'external_id') STORED,
    address_line1          text GENERATED ALWAYS AS (body->'address'->>'line1') STORED,
    address_city           text GENERATED ALWAYS AS (body->'address'->>'city') STORED,
    address_postcode       text GENERATED ALWAYS AS (body->'address'->>'postcode') STORED,
    address_country        text GENERATED ALWAYS AS (body->'address'->>'country') STORED,
    refund_state           text GENERATED ALWAYS AS (body->'refund'->>'state') STORED,
    refund_amount          numeric GENERATED ALWAYS AS (replyd_data.amount(body->'refund'->'amount', replyd_data.order_currency(body))) STORED,
    refund_method          text GENERATED ALWAYS AS (body->'refund'->>'method') STORED,
    refund_at              timestamptz GENERATED ALWAYS AS (replyd_data.instant(body->'refund'->>'at')) STORED,
    return_state           text GENERATED ALWAYS AS (body->'return'->>'state') STORED,
    return_tracking_number text GENERATED ALWAYS AS (body->'return'->>'tracking_number') STORED,
    return_at              timestamptz GENERATED ALWAYS AS (replyd_data.instant(body->'return'->>'at')) STORED,
    dispute_kind           text GENERATED ALWAYS AS (body->'dispute'->>'kind') STORED,
    dispute_reason         text GENERATED ALWAYS AS (body->'dispute'->>'reason') STORED,
    dispute_opened_at      timestamptz GENERATED ALWAYS AS (replyd_data.instant(body->'dispute'->>'opened_at')) STORED,
    dispute_respond_by     timestamptz GENERATED ALWAYS AS (replyd_data.instant_by(body->'dispute'->>'respond_by')) STORED,
    PRIMARY KEY (shop_id, number)
);
-- a customer's orders, the newest first: by address, or by id
CREATE INDEX orders_by_customer_email ON replyd_data.orders (shop_id, lower(customer_email), placed_at DESC NULLS LAST)
    WHERE customer_email IS NOT NULL;
CREATE INDEX orders_by_customer_id ON replyd_data.orders (shop_id, customer_id, placed_at DESC NULLS LAST) WHERE customer_id IS NOT NULL;
COMMENT ON TABLE replyd_data.orders IS 'Orders, by number.';
COMMENT ON COLUMN replyd_data.orders.number IS 'The shop''s number of the order.';
COMMENT ON COLUMN replyd_data.orders.status IS 'unpaid, paid, packed, shipped, completed, cancelled, refunded.';
COMMENT ON COLUMN replyd_data.orders.platform IS 'own_shop, amazon, ebay, aliexpress, wish, other.';
COMMENT ON COLUMN replyd_data.orders.currency IS 'ISO 4217; amounts of another currency are null in the columns below.';
COMMENT ON COLUMN replyd_data.orders.total IS 'What the buyer paid.';
COMMENT ON COLUMN replyd_data.orders.freight IS 'What of it is freight.';
COMMENT ON COLUMN replyd_data.orders.margin IS 'The seller''s profit.';
COMMENT ON COLUMN replyd_data.orders.note IS 'The buyer''s note.';
COMMENT ON COLUMN replyd_data.orders.placed_at IS 'When it was ordered.';
COMMENT ON COLUMN replyd_data.orders.paid_at IS 'When it was paid.';
COMMENT ON COLUMN replyd_data.orders.ship_by IS 'When it was to be dispatched.';
COMMENT ON COLUMN replyd_data.orders.new_ship_by IS 'The later date, once the first can''t be kept.';
COMMENT ON COLUMN replyd_data.orders.protection_ends_on IS 'When the platform''s buyer protection ends.';
COMMENT ON COLUMN replyd_data.orders.shipping_method IS 'The code of the shipping method.';
COMMENT ON COLUMN replyd_data.orders.duty_informed IS 'Was the buyer told about import duty before buying?';
COMMENT ON COLUMN replyd_data.orders.payment_failure IS 'Why the payment failed.';
COMMENT ON COLUMN replyd_data.orders.tax_collected_by IS 'seller, platform, carrier, unknown.';
COMMENT ON COLUMN replyd_data.orders.incoterm IS 'DAP, DDP ...';
COMMENT ON COLUMN replyd_data.orders.customer_name IS 'The buyer.';
COMMENT ON COLUMN replyd_data.orders.customer_email IS 'The buyer''s address; a request''s must match it.';
COMMENT ON COLUMN replyd_data.orders.customer_country IS 'ISO 3166-1 alpha-2.';
COMMENT ON COLUMN replyd_data.orders.customer_language IS 'BCP 47.';
COMMENT ON COLUMN replyd_data.orders.customer_id IS 'The buyer''s id in the shop or on the platform.';
COMMENT ON COLUMN replyd_data.orders.address_line1 IS 'Where it goes.';
COMMENT ON COLUMN replyd_data.orders.address_city IS 'Where it goes.';
COMMENT ON COLUMN replyd_data.orders.address_postcode IS 'Where it goes.';
COMMENT ON COLUMN replyd_data.orders.address_country IS 'Where it goes; ISO 3166-1 alpha-2.';
COMMENT ON COLUMN replyd_data.orders.refund_state IS 'requested, approved, issued, completed, rejected.';
COMMENT ON COLUMN replyd_data.orders.refund_amount IS 'How much.';
COMMENT ON COLUMN replyd_data.orders.refund_method IS 'The way it goes back.';
COMMENT ON COLUMN replyd_data.orders.refund_at IS 'When the state was reached.';
COMMENT ON COLUMN replyd_data.orders.return_state IS 'none, requested, posted, received.';
COMMENT ON COLUMN replyd_data.orders.return_tracking_number IS 'The number of the parcel back.';
COMMENT ON COLUMN replyd_data.orders.return_at IS 'When the state was reached.';
COMMENT ON COLUMN replyd_data.orders.dispute_kind IS 'platform_case, chargeback.';
COMMENT ON COLUMN replyd_data.orders.dispute_reason IS 'What the buyer says there.';
COMMENT ON COLUMN replyd_data.orders.dispute_opened_at IS 'When it was opened.';
COMMENT ON COLUMN replyd_data.orders.dispute_respond_by IS 'Until when the seller must answer.';

-- Parcels and events go with their order, and an event can't come before its parcel: foreign keys hold both in the
-- statement that writes, where a look first and a write after would leave a gap.
CREATE TABLE replyd_data.shipments (
    shop_id              bigint NOT NULL,
    order_number         text NOT NULL,
    tracking_number      text NOT NULL,
    body                 jsonb NOT NULL,
    revision             bigint NOT NULL DEFAULT nextval('replyd_data.revisions'),
    changed_at           timestamptz NOT NULL DEFAULT now(),
    updated_at           timestamptz GENERATED ALWAYS AS (replyd_data.instant(body->>'updated_at')) STORED,
    carrier              text GENERATED ALWAYS AS (body->>'carrier') STORED,
    carrier_kind         text GENERATED ALWAYS AS (body->>'carrier_kind') STORED,
    service              text GENERATED ALWAYS AS (body->>'service') STORED,
    tracked              boolean GENERATED ALWAYS AS ((body->>'tracked')::boolean) STORED,
    tracking_url         text GENERATED ALWAYS AS (body->>'tracking_url') STORED,
    shipped_at           timestamptz GENERATED ALWAYS AS (replyd_data.instant(body->>'shipped_at')) STORED,
    promised_by          timestamptz GENERATED ALWAYS AS (replyd_data.instant_by(body->>'promised_by')) STORED,
    claim_by             timestamptz GENERATED ALWAYS AS (replyd_data.instant_by(body->>'claim_by')) STORED,
    pickup_by            timestamptz GENERATED ALWAYS AS (replyd_data.instant_by(body->>'pickup_by')) STORED,
    pickup_point         text GENERATED ALWAYS AS (body->>'pickup_point') STORED,
    signed_by            text GENERATED ALWAYS AS (body->>'signed_by') STORED,
    carrier_phone        text GENERATED ALWAYS AS (body->>'carrier_phone') STORED,
    weight_g             bigint GENERATED ALWAYS AS ((body->>'weight_g')::numeric::bigint) STORED,
    expected_weight_g    bigint GENERATED ALWAYS AS ((body->>'expected_weight_g')::numeric::bigint) STORED,
    free_return          boolean GENERATED ALWAYS AS ((body->>'free_return')::boolean) STORED,
    return_cost          numeric GENERATED ALWAYS AS ((body->'return_cost'->>'amount')::numeric) STORED,
    return_cost_currency text GENERATED ALWAYS AS (body->'return_cost'->>'currency') STORED,
    return_reason        text GENERATED ALWAYS AS (body->'return'->>'reason') STORED,
    return_cause         text GENERATED ALWAYS AS (body->'return'->>'cause') STORED,
    customs_reason       text GENERATED ALWAYS AS (body->'customs'->>'reason') STORED,
    customs_party        text GENERATED ALWAYS AS (body->'customs'->>'party') STORED,
    customs_document     text GENERATED ALWAYS AS (body->'customs'->>'document') STORED,
    customs_duty         numeric GENERATED ALWAYS AS ((body->'customs'->'duty'->>'amount')::numeric) STORED,
    customs_duty_currency text GENERATED ALWAYS AS (body->'customs'->'duty'->>'currency') STORED,
    customs_pay_to       text GENERATED ALWAYS AS (body->'customs'->>'pay_to') STORED,
    customs_act_by       timestamptz GENERATED ALWAYS AS (replyd_data.instant_by(body->'customs'->>'act_by')) STORED,
    PRIMARY KEY (shop_id, order_number, tracking_number),
    FOREIGN KEY (shop_id, order_number) REFERENCES replyd_data.orders ON DELETE CASCADE
);
-- a carrier's webhook and a buyer's message may know the parcel's number alone. (The shop stands second: while the table is
-- empty, an index that begins with it looks as good as the primary key for finding an order's parcels, and is kept in the plan.)
CREATE INDEX shipments_by_tracking_number ON replyd_data.shipments (tracking_number, shop_id);
COMMENT ON TABLE replyd_data.shipments IS 'Parcels of an order.';
COMMENT ON COLUMN replyd_data.shipments.order_number IS 'The order.';
COMMENT ON COLUMN replyd_data.shipments.tracking_number IS 'The carrier''s number, or a stable name for a parcel without one.';
COMMENT ON COLUMN replyd_data.shipments.carrier IS 'The carrier''s name.';
COMMENT ON COLUMN replyd_data.shipments.carrier_kind IS 'post, express, line, economy.';
COMMENT ON COLUMN replyd_data.shipments.service IS 'The carrier''s product.';
COMMENT ON COLUMN replyd_data.shipments.tracked IS 'Can it be followed?';
COMMENT ON COLUMN replyd_data.shipments.tracking_url IS 'The page where.';
COMMENT ON COLUMN replyd_data.shipments.shipped_at IS 'When it was handed over.';
COMMENT ON COLUMN replyd_data.shipments.promised_by IS 'When the buyer was told to have it.';
COMMENT ON COLUMN replyd_data.shipments.claim_by IS 'Until when the carrier takes a claim.';
COMMENT ON COLUMN replyd_data.shipments.pickup_by IS 'Until when it can be collected.';
COMMENT ON COLUMN replyd_data.shipments.pickup_point IS 'Where it can be collected.';
COMMENT ON COLUMN replyd_data.shipments.signed_by IS 'Who signed for it.';
COMMENT ON COLUMN replyd_data.shipments.carrier_phone IS 'For the buyer, where the platform allows one.';
COMMENT ON COLUMN replyd_data.shipments.weight_g IS 'As weighed when it was handed over.';
COMMENT ON COLUMN replyd_data.shipments.expected_weight_g IS 'What the whole contents weigh.';
COMMENT ON COLUMN replyd_data.shipments.free_return IS 'Does the carrier bring it back for nothing?';
COMMENT ON COLUMN replyd_data.shipments.return_cost IS 'What bringing it back costs the seller.';
COMMENT ON COLUMN replyd_data.shipments.return_cost_currency IS 'The currency of return_cost.';
COMMENT ON COLUMN replyd_data.shipments.return_reason IS 'Why it came back.';
COMMENT ON COLUMN replyd_data.shipments.return_cause IS 'Whose fault that is: buyer, seller, carrier, unknown.';
COMMENT ON COLUMN replyd_data.shipments.customs_reason IS 'Why customs hold it.';
COMMENT ON COLUMN replyd_data.shipments.customs_party IS 'Who must act: buyer, seller, customs, unknown.';
COMMENT ON COLUMN replyd_data.shipments.customs_document IS 'Which paper is asked for.';
COMMENT ON COLUMN replyd_data.shipments.customs_duty IS 'What is to be paid.';
COMMENT ON COLUMN replyd_data.shipments.customs_duty_currency IS 'The currency of customs_duty.';
COMMENT ON COLUMN replyd_data.shipments.customs_pay_to IS 'To whom.';
COMMENT ON COLUMN replyd_data.shipments.customs_act_by IS 'Until when.';

CREATE TABLE replyd_data.events (
    shop_id         bigint NOT NULL,
    order_number    text NOT NULL,
    tracking_number text NOT NULL,
    body            jsonb NOT NULL,
    changed_at      timestamptz NOT NULL DEFAULT now(),
    at              timestamptz GENERATED ALWAYS AS (replyd_data.instant(body->>'at')) STORED,
    -- the same words at the same moment are the same event, however its time is written
    digest          uuid GENERATED ALWAYS AS (md5(jsonb_strip_nulls(body - 'at' - 'updated_at')::text)::uuid) STORED,
    text            text GENERATED ALWAYS AS (body->>'text') STORED,
    code            text GENERATED ALWAYS AS (body->>'code') STORED,
    code_system     text GENERATED ALWAYS AS (body->>'code_system') STORED,
    state           text GENERATED ALWAYS AS (body->>'state') STORED,
    city            text GENERATED ALWAYS AS (body->>'city') STORED,
    postcode        text GENERATED ALWAYS AS (body->>'postcode') STORED,
    country         text GENERATED ALWAYS AS (body->>'country') STORED,
    -- also serves "the newest of a parcel before a moment", read backwards: no other index is needed
    PRIMARY KEY (shop_id, order_number, tracking_number, at, digest),
    FOREIGN KEY (shop_id, order_number, tracking_number) REFERENCES replyd_data.shipments ON DELETE CASCADE
);
COMMENT ON TABLE replyd_data.events IS 'What happened to a parcel. Sent twice is stored once.';
COMMENT ON COLUMN replyd_data.events.order_number IS 'The order.';
COMMENT ON COLUMN replyd_data.events.tracking_number IS 'The parcel.';
COMMENT ON COLUMN replyd_data.events.at IS 'When it happened.';
COMMENT ON COLUMN replyd_data.events.digest IS 'Of all but the time: tells events of one moment apart.';
COMMENT ON COLUMN replyd_data.events.text IS 'The carrier''s words.';
COMMENT ON COLUMN replyd_data.events.code IS 'The carrier''s or aggregator''s code.';
COMMENT ON COLUMN replyd_data.events.code_system IS 'upu, aftership, 17track, carrier.';
COMMENT ON COLUMN replyd_data.events.state IS 'The shipment state, if the sender said one; else derived from code or text when it is read.';
COMMENT ON COLUMN replyd_data.events.city IS 'Where it happened.';
COMMENT ON COLUMN replyd_data.events.postcode IS 'Where it happened.';
COMMENT ON COLUMN replyd_data.events.country IS 'Where it happened; ISO 3166-1 alpha-2.';

-- Calendar, methods, and a shop's own playbook: read whole by the service when the shop's version moves, so the body is
-- all they need. One statement each would say the same eight times.
DO $$
DECLARE
    kind record;
BEGIN
    FOR kind IN SELECT * FROM (VALUES
        ('shipping_methods', '{code}'::text[], 'Ways to send a parcel, by code.'),
        ('holidays', '{code}', 'Suspensions and peak seasons, by code.'),
        ('promotions', '{code}', 'Promotions, by code.'),
        ('customs_rules', '{country}', 'What a country takes and asks at import: an object, or a list of such by date.'),
        ('templates', '{issue,language}', 'The shop''s own drafts in place of the shipped ones.'),
        ('rules', '{issue}', 'The shop''s own rules in place of the shipped ones.')) AS kinds (name, keys, comment)
    LOOP
        EXECUTE format($table$
            CREATE TABLE replyd_data.%1$I (
                shop_id    bigint NOT NULL,
                %2$s,
                body       jsonb NOT NULL,
                revision   bigint NOT NULL DEFAULT nextval('replyd_data.revisions'),
                changed_at timestamptz NOT NULL DEFAULT now(),
                updated_at timestamptz GENERATED ALWAYS AS (
                    CASE WHEN jsonb_typeof(body) = 'object' THEN replyd_data.instant(body->>'updated_at') END) STORED,
                PRIMARY KEY (shop_id, %3$s)
            )$table$, kind.name,
            (SELECT string_agg(format('%I text NOT NULL', key), ', ') FROM unnest(kind.keys) AS key),
            (SELECT string_agg(format('%I', key), ', ') FROM unnest(kind.keys) AS key));
        EXECUTE format('COMMENT ON TABLE replyd_data.%I IS %L', kind.name, kind.comment);
        EXECUTE format('CALL replyd_data.watch_versions(%L)', 'replyd_data.' || kind.name);
    END LOOP;

    FOR kind IN SELECT * FROM (VALUES
        ('shipping_methods', 'code', 'The shop''s name for the method.'),
        ('holidays', 'code', 'The shop''s name for the entry.'),
        ('promotions', 'code', 'The shop''s name for the promotion.'),
        ('customs_rules', 'country', 'ISO 3166-1 alpha-2.'),
        ('templates', 'issue', 'The code of the issue.'),
        ('templates', 'language', 'BCP 47.'),
        ('rules', 'issue', 'The code of the issue.')) AS keys (name, key, comment)
    LOOP
        EXECUTE format('COMMENT ON COLUMN replyd_data.%I.%I IS %L', kind.name, kind.key, kind.comment);
    END LOOP;

    -- what all objects have in common
    FOR kind IN SELECT relation.name, attribute.attname, common.comment
          FROM unnest(ARRAY['products', 'orders', 'shipments', 'events', 'shipping_methods', 'holidays', 'promotions',
                            'customs_rules', 'templates', 'rules']) AS relation (name)
          JOIN (VALUES
            ('shop_id', 'The shop.'),
            ('body', 'What PUT carried; the other columns follow from it.'),
            ('revision', 'Of the last write, never used twice: the ETag, and what a PATCH read.'),
            ('changed_at', 'Of the last write.'),
            ('updated_at', 'The sender''s own time of the change: an older one than what is stored is ignored.'))
            AS common (name, comment) ON true
          JOIN pg_attribute AS attribute
            ON attribute.attrelid = ('replyd_data.' || relation.name)::regclass AND attribute.attname = common.name
    LOOP
        EXECUTE format('COMMENT ON COLUMN replyd_data.%I.%I IS %L', kind.name, kind.attname, kind.comment);
    END LOOP;
END $$;

INSERT INTO replyd_data.migrations (number, name) VALUES (2, '0002-objects.sql');
COMMIT;
