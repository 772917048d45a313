-- A city of form 1, the oldest: its schema as it was, and what a small one had written into it.
-- Sealed under a master key of 32 zero bytes. Nothing here changes any more.
CREATE TABLE IF NOT EXISTS meta (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch    bigint NOT NULL DEFAULT 0,   -- of the writer in charge; each commit checks it
    form     integer NOT NULL             -- version of this schema
);
CREATE TABLE IF NOT EXISTS entity (
    id       text COLLATE "C" PRIMARY KEY,
    type     text NOT NULL,
    version  smallint NOT NULL,
    doc      jsonb,                       -- of entities that are nobody's personal data
    sealed   bytea,                       -- of personal ones, under the person's key
    person   text,
    created  timestamptz NOT NULL,
    modified timestamptz NOT NULL,
    closed   boolean NOT NULL,
    seq      bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS entity_person ON entity (person) WHERE person IS NOT NULL;
CREATE TABLE IF NOT EXISTS feed (         -- every change and event in order: history and news at once
    position bigint PRIMARY KEY,
    seq      bigint NOT NULL,
    at       timestamptz NOT NULL,
    action   text NOT NULL,
    caller   text NOT NULL,
    kind     text NOT NULL,
    name     text NOT NULL,
    entity   text COLLATE "C" NOT NULL,
    person   text,
    body     bytea NOT NULL               -- JSON, sealed when `person` is set
);
CREATE INDEX IF NOT EXISTS feed_entity ON feed (entity, position);
CREATE TABLE IF NOT EXISTS account (
    id          text COLLATE "C" PRIMARY KEY,
    kind        text NOT NULL,
    owner       text NOT NULL,
    floor_won   bigint,                   -- null: may go below zero without limit
    balance_won bigint NOT NULL,
    held_won    bigint NOT NULL CHECK (held_won >= 0),
    CHECK (floor_won IS NULL OR balance_won - held_won >= floor_won)
);
CREATE TABLE IF NOT EXISTS transfer (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    seq        bigint NOT NULL,
    at         timestamptz NOT NULL,
    debit      text NOT NULL,
    credit     text NOT NULL,
    amount_won bigint NOT NULL CHECK (amount_won > 0),
    step       text NOT NULL,
    of         text,
    memo       text NOT NULL
);
CREATE INDEX IF NOT EXISTS transfer_debit ON transfer (debit, seq);
CREATE INDEX IF NOT EXISTS transfer_credit ON transfer (credit, seq);
CREATE TABLE IF NOT EXISTS answer (       -- of keyed requests
    caller    text NOT NULL,
    key       text NOT NULL,
    arguments bytea NOT NULL,
    at        timestamptz NOT NULL,
    result    bytea NOT NULL,
    PRIMARY KEY (caller, key)
);
CREATE TABLE IF NOT EXISTS cursor (       -- how far each reader of the feed has come
    handler  text PRIMARY KEY,
    position bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS access (       -- reads of personal fields
    seq     bigint NOT NULL,
    at      timestamptz NOT NULL,
    person  text NOT NULL,
    reader  text NOT NULL,
    service text NOT NULL,
    purpose text NOT NULL,
    fields  text NOT NULL
);
CREATE INDEX IF NOT EXISTS access_person ON access (person, seq);
CREATE TABLE IF NOT EXISTS person_key (   -- wrapped by the city's master key
    person  text PRIMARY KEY,
    wrapped bytea NOT NULL
);
INSERT INTO meta (form) VALUES (1) ON CONFLICT DO NOTHING;

-- One group of units in one statement, hence one transaction and one round trip.
CREATE OR REPLACE FUNCTION commit_group(
    writer_epoch bigint,
    e_id text[], e_type text[], e_version int2[], e_doc text[], e_sealed bytea[], e_person text[],
    e_created timestamptz[], e_modified timestamptz[], e_closed boolean[], e_seq bigint[],
    e_gone text[],
    f_position bigint[], f_seq bigint[], f_at timestamptz[], f_action text[], f_caller text[],
    f_kind text[], f_name text[], f_entity text[], f_person text[], f_body bytea[],
    a_id text[], a_kind text[], a_owner text[], a_floor bigint[], a_balance bigint[], a_held bigint[],
    t_id text[], t_seq bigint[], t_at timestamptz[], t_debit text[], t_credit text[],
    t_amount bigint[], t_step text[], t_of text[], t_memo text[],
    k_caller text[], k_key text[], k_arguments bytea[], k_at timestamptz[], k_result bytea[],
    c_handler text[], c_position bigint[],
    r_seq bigint[], r_at timestamptz[], r_person text[], r_reader text[], r_service text[],
    r_purpose text[], r_fields text[],
    p_person text[], p_wrapped bytea[], p_forgotten text[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7040, 2);
    IF (SELECT epoch FROM meta) <> writer_epoch THEN
        RAISE EXCEPTION 'another writer is in charge' USING ERRCODE = 'HG001';
    END IF;
    IF cardinality(p_person) > 0 THEN
        INSERT INTO person_key SELECT * FROM unnest(p_person, p_wrapped) ON CONFLICT DO NOTHING;
    END IF;
    IF cardinality(e_id) > 0 THEN
        INSERT INTO entity
        SELECT i, t, v, d::jsonb, s, p, c, m, x, q
        FROM unnest(e_id, e_type, e_version, e_doc, e_sealed, e_person, e_created, e_modified,
                    e_closed, e_seq) AS u(i, t, v, d, s, p, c, m, x, q)
        ON CONFLICT (id) DO UPDATE SET
            type = excluded.type, version = excluded.version, doc = excluded.doc,
            sealed = excluded.sealed, person = excluded.person, created = excluded.created,
            modified = excluded.modified, closed = excluded.closed, seq = excluded.seq;
    END IF;
    IF cardinality(e_gone) > 0 THEN
        DELETE FROM entity WHERE id = ANY (e_gone);
    END IF;
    IF cardinality(f_position) > 0 THEN
        INSERT INTO feed SELECT * FROM unnest(f_position, f_seq, f_at, f_action, f_caller, f_kind,
                                              f_name, f_entity, f_person, f_body);
    END IF;
    IF cardinality(a_id) > 0 THEN
        INSERT INTO account SELECT * FROM unnest(a_id, a_kind, a_owner, a_floor, a_balance, a_held)
        ON CONFLICT (id) DO UPDATE SET
            kind = excluded.kind, owner = excluded.owner, floor_won = excluded.floor_won,
            balance_won = excluded.balance_won, held_won = excluded.held_won;
    END IF;
    IF cardinality(t_id) > 0 THEN
        INSERT INTO transfer SELECT * FROM unnest(t_id, t_seq, t_at, t_debit, t_credit, t_amount,
                                                  t_step, t_of, t_memo);
    END IF;
    IF cardinality(k_caller) > 0 THEN
        INSERT INTO answer SELECT * FROM unnest(k_caller, k_key, k_arguments, k_at, k_result)
        ON CONFLICT (caller, key) DO UPDATE SET
            arguments = excluded.arguments, at = excluded.at, result = excluded.result
        WHERE answer.at < excluded.at - interval '24 hours';
    END IF;
    IF cardinality(c_handler) > 0 THEN
        INSERT INTO cursor SELECT * FROM unnest(c_handler, c_position)
        ON CONFLICT (handler) DO UPDATE SET position = excluded.position;
    END IF;
    IF cardinality(r_seq) > 0 THEN
        INSERT INTO access SELECT * FROM unnest(r_seq, r_at, r_person, r_reader, r_service,
                                                r_purpose, r_fields);
    END IF;
    IF cardinality(p_forgotten) > 0 THEN
        DELETE FROM person_key WHERE person = ANY (p_forgotten);
        DELETE FROM entity WHERE person = ANY (p_forgotten);
    END IF;
END $$;

UPDATE meta SET epoch = 7;
INSERT INTO entity VALUES
    ('urn:ngsi-ld:Lamp:1', 'Lamp', 1, '{"id": "urn:ngsi-ld:Lamp:1", "type": "Lamp", "power": {"type": "Property", "value": 40}}',
     NULL, NULL, '2026-11-20T09:00:00Z', '2026-11-20T09:00:00Z', false, 2);
INSERT INTO feed VALUES
    (1, 1, '2026-11-20T09:00:00Z', 'platform.top_up', 'urn:ngsi-ld:Person:anne', 'event', 'ToppedUp', 'urn:ngsi-ld:Person:anne', NULL, '{}'),
    (2, 2, '2026-11-20T09:00:00Z', 'platform.create_document', 'urn:ngsi-ld:Device:gate', 'created', 'Lamp', 'urn:ngsi-ld:Lamp:1', NULL,
     '{"power": {"type": "Property", "value": 40}}');
INSERT INTO account VALUES
    ('urn:ngsi-ld:Account:city', 'city', 'urn:ngsi-ld:City:small', NULL, -500, 0),
    ('urn:ngsi-ld:Account:anne', 'wallet', 'urn:ngsi-ld:Person:anne', 0, 500, 100);
INSERT INTO transfer VALUES
    ('t-1', 1, '2026-11-20T09:00:00Z', 'urn:ngsi-ld:Account:city', 'urn:ngsi-ld:Account:anne', 500, 'posted', NULL, ''),
    ('t-2', 2, '2026-11-20T09:00:00Z', 'urn:ngsi-ld:Account:anne', 'urn:ngsi-ld:Account:city', 100, 'held', NULL, '');
INSERT INTO answer VALUES ('urn:ngsi-ld:Device:gate', 'k1', '\x00', now(), 'null');
INSERT INTO cursor VALUES ('test.village.Drawn', 2);
INSERT INTO access VALUES (2, '2026-11-20T09:00:00Z', 'urn:ngsi-ld:Person:anne', 'urn:ngsi-ld:Staff:op', 'platform', 'help', 'name');
INSERT INTO person_key VALUES ('urn:ngsi-ld:Person:anne', '\xcb9711b27dfb6a7e7bb89a131acba4ce2c8b1e6ba6b06a7b5cdc1bc3dbf88f596984b7ed7fd5d97f53062a6b1d62016e3455db927dab77cd48cf33f0');
