-- What the service answered, what became of it, and the keys that make a POST safe to send again.
BEGIN;

-- No foreign key to shops: every batch would lock its shops' rows. Rows are written once and never updated, so pages are
-- filled whole.
CREATE TABLE replyd_data.suggestions (
    shop_id           bigint NOT NULL,
    id                uuid NOT NULL,
    created_at        timestamptz NOT NULL,
    as_of             timestamptz NOT NULL,
    received_at       timestamptz NOT NULL,
    conversation_id   text,
    message_id        text,
    order_number      text,
    buyer_email       text,
    buyer_id          text,
    trigger           text,
    intent            text,
    issue             text NOT NULL,
    stage             text NOT NULL,
    priority          text NOT NULL,
    responsible_party text NOT NULL,
    language          text NOT NULL,
    rows_hash         bigint NOT NULL,
    offered           text[],
    promised_refund   boolean NOT NULL DEFAULT false,
    follow_up_at      timestamptz,
    request           json NOT NULL,
    facts             json NOT NULL,
    answer            json NOT NULL,
    PRIMARY KEY (shop_id, id)
);
-- A row of 3 KB stays in its page, compressed: out of line it would cost two more inserts (the TOAST table and its index).
ALTER TABLE replyd_data.suggestions
    ALTER COLUMN request SET STORAGE MAIN, ALTER COLUMN facts SET STORAGE MAIN, ALTER COLUMN answer SET STORAGE MAIN,
    ALTER COLUMN offered SET STORAGE MAIN;
-- lz4 costs a fifth of pglz, but not every build has it.
DO $$
BEGIN
    IF 'lz4' = ANY ((SELECT enumvals FROM pg_settings WHERE name = 'default_toast_compression')::text[]) THEN
        ALTER TABLE replyd_data.suggestions ALTER COLUMN request SET COMPRESSION lz4,
            ALTER COLUMN facts SET COMPRESSION lz4, ALTER COLUMN answer SET COMPRESSION lz4;
    END IF;
END $$;
-- Ids grow with time, so `since` and the order of every list come from the primary key; an issue is filtered on it.
-- Each index below costs every insert that has the value: one for each other way that people ask.
CREATE INDEX suggestions_by_conversation ON replyd_data.suggestions (shop_id, conversation_id, id)
    WHERE conversation_id IS NOT NULL;
CREATE INDEX suggestions_by_order ON replyd_data.suggestions (shop_id, order_number, id) WHERE order_number IS NOT NULL;
-- The contacts before a moment, newest first, however many rows there are that answer no message.
CREATE INDEX contacts_by_conversation ON replyd_data.suggestions (shop_id, conversation_id, received_at)
    WHERE conversation_id IS NOT NULL AND message_id IS NOT NULL;
CREATE INDEX contacts_by_order ON replyd_data.suggestions (shop_id, order_number, received_at)
    WHERE order_number IS NOT NULL AND message_id IS NOT NULL;
CREATE INDEX suggestions_by_message ON replyd_data.suggestions (shop_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX suggestions_by_buyer_email ON replyd_data.suggestions (shop_id, buyer_email) WHERE buyer_email IS NOT NULL;
CREATE INDEX suggestions_by_buyer_id ON replyd_data.suggestions (shop_id, buyer_id) WHERE buyer_id IS NOT NULL;
COMMENT ON TABLE replyd_data.suggestions IS 'Every answer that was not a dry run, with what it was made from: enough to replay it.';
COMMENT ON COLUMN replyd_data.suggestions.shop_id IS 'The shop.';
COMMENT ON COLUMN replyd_data.suggestions.id IS 'UUID version 7: grows with time.';
COMMENT ON COLUMN replyd_data.suggestions.created_at IS 'When it was made.';
COMMENT ON COLUMN replyd_data.suggestions.as_of IS 'The moment that it was made for.';
COMMENT ON COLUMN replyd_data.suggestions.received_at IS 'When the message came in; without one, as_of. Orders the contacts of a conversation.';
COMMENT ON COLUMN replyd_data.suggestions.conversation_id IS 'The conversation, if the request named one.';
COMMENT ON COLUMN replyd_data.suggestions.message_id IS 'The message, if the request named one.';
COMMENT ON COLUMN replyd_data.suggestions.order_number IS 'The order that the answer is about.';
COMMENT ON COLUMN replyd_data.suggestions.buyer_email IS 'The buyer, in lower case: as named, else as on the order. To erase and to count contacts by.';
COMMENT ON COLUMN replyd_data.suggestions.buyer_id IS 'The buyer''s id in the shop or on the platform, likewise.';
COMMENT ON COLUMN replyd_data.suggestions.trigger IS 'The event that was answered, if it was no message.';
COMMENT ON COLUMN replyd_data.suggestions.intent IS 'What the message wants.';
COMMENT ON COLUMN replyd_data.suggestions.issue IS 'What the matter is.';
COMMENT ON COLUMN replyd_data.suggestions.stage IS 'pre_sale, in_sale, after_sale.';
COMMENT ON COLUMN replyd_data.suggestions.priority IS 'low, normal, high.';
COMMENT ON COLUMN replyd_data.suggestions.responsible_party IS 'Whose step of the business failed.';
COMMENT ON COLUMN replyd_data.suggestions.language IS 'Of the draft.';
COMMENT ON COLUMN replyd_data.suggestions.rows_hash IS 'Of the order''s rows as they were: another hash now means that the answer is stale.';
COMMENT ON COLUMN replyd_data.suggestions.offered IS 'The actions of the options that the buyer was offered; null: none.';
COMMENT ON COLUMN replyd_data.suggestions.promised_refund IS 'The draft promises money back: its action is a refund, not an offer of one.';
COMMENT ON COLUMN replyd_data.suggestions.follow_up_at IS 'When the matter is to be looked at again, and the buyer answered.';
COMMENT ON COLUMN replyd_data.suggestions.request IS 'What was asked.';
COMMENT ON COLUMN replyd_data.suggestions.facts IS 'What was known.';
COMMENT ON COLUMN replyd_data.suggestions.answer IS 'What was answered, without the draft''s HTML, which follows from its text.';

CREATE TABLE replyd_data.feedback (
    shop_id       bigint NOT NULL,
    suggestion_id uuid NOT NULL,
    number        bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    created_at    timestamptz NOT NULL DEFAULT now(),
    outcome       text NOT NULL,
    text          text,
    issue         text,
    note          text,
    PRIMARY KEY (shop_id, suggestion_id, number),
    FOREIGN KEY (shop_id, suggestion_id) REFERENCES replyd_data.suggestions ON DELETE CASCADE
);
COMMENT ON TABLE replyd_data.feedback IS 'What became of a suggestion; the newest row counts.';
COMMENT ON COLUMN replyd_data.feedback.shop_id IS 'The shop.';
COMMENT ON COLUMN replyd_data.feedback.suggestion_id IS 'The suggestion.';
COMMENT ON COLUMN replyd_data.feedback.number IS 'Grows with every row.';
COMMENT ON COLUMN replyd_data.feedback.created_at IS 'When it was said.';
COMMENT ON COLUMN replyd_data.feedback.outcome IS 'sent, edited, rejected.';
COMMENT ON COLUMN replyd_data.feedback.text IS 'What was sent instead.';
COMMENT ON COLUMN replyd_data.feedback.issue IS 'The right issue, where ours was wrong.';
COMMENT ON COLUMN replyd_data.feedback.note IS 'The agent''s own words.';

CREATE TABLE replyd_data.idempotency (
    shop_id       bigint NOT NULL,
    key           text NOT NULL,
    request_hash  bytea NOT NULL,
    suggestion_id uuid,
    status        smallint,
    body          text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shop_id, key)
);
-- Old rows are swept; they are old together, so a few block ranges find them and inserts pay nothing.
CREATE INDEX idempotency_by_age ON replyd_data.idempotency USING brin (created_at);
COMMENT ON TABLE replyd_data.idempotency IS 'Idempotency-Keys of the last 24 hours; an older row counts as absent.';
COMMENT ON COLUMN replyd_data.idempotency.shop_id IS 'The shop.';
COMMENT ON COLUMN replyd_data.idempotency.key IS 'As the client sent it.';
COMMENT ON COLUMN replyd_data.idempotency.request_hash IS 'SHA-256 of what was asked: the same key with another body is refused.';
COMMENT ON COLUMN replyd_data.idempotency.suggestion_id IS 'The answer, if it was a suggestion.';
COMMENT ON COLUMN replyd_data.idempotency.status IS 'Else its status.';
COMMENT ON COLUMN replyd_data.idempotency.body IS 'And its body; null: none.';
COMMENT ON COLUMN replyd_data.idempotency.created_at IS 'When the key was taken.';

INSERT INTO replyd_data.migrations (number, name) VALUES (3, '0003-suggestions.sql');
COMMIT;
