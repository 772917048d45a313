-- The city on disk. Every statement can be repeated.
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
CREATE INDEX IF NOT EXISTS entity_closed ON entity (type, id) WHERE closed;
CREATE TABLE IF NOT EXISTS feed (         -- every change and event in order: history and news at once
    position bigint PRIMARY KEY,
    seq      bigint NOT NULL,
    at       timestamptz NOT NULL,
    action   text NOT NULL,
    caller   text NOT NULL,               -- empty when a person called: nobody's steps are kept
    kind     text NOT NULL,
    name     text NOT NULL,
    entity   text COLLATE "C" NOT NULL,
    person   text,
    body     bytea NOT NULL               -- JSON, sealed when `person` is set
);
CREATE INDEX IF NOT EXISTS feed_entity ON feed (entity, position);
CREATE INDEX IF NOT EXISTS feed_person ON feed (person) WHERE person IS NOT NULL;
CREATE INDEX IF NOT EXISTS feed_at ON feed USING brin (at);
CREATE INDEX IF NOT EXISTS feed_history ON feed (entity, position) WHERE kind = 'history';
CREATE INDEX IF NOT EXISTS feed_ended ON feed (name, position)
    WHERE kind IN ('deleted', 'closed');
CREATE INDEX IF NOT EXISTS feed_columns ON feed (name, position) WHERE kind = 'columns';

-- Lines of measurements (`columns`) are about many entities, whom they name in their body.
CREATE OR REPLACE FUNCTION measured_ids(body bytea) RETURNS text[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN ARRAY(SELECT jsonb_array_elements_text(convert_from(body, 'UTF8')::jsonb -> 'ids'));
END $$;
CREATE INDEX IF NOT EXISTS feed_measured ON feed USING gin (measured_ids(body))
    WITH (fastupdate = off) WHERE kind = 'columns';
CREATE OR REPLACE FUNCTION measured_of(body bytea, wanted text) RETURNS bytea LANGUAGE sql STABLE AS $$
    WITH line AS (SELECT convert_from(body, 'UTF8')::jsonb AS doc),
    place AS (
        SELECT max(n)::integer - 1 AS n
        FROM line, jsonb_array_elements_text(doc -> 'ids') WITH ORDINALITY AS listed(id, n)
        WHERE id = wanted)
    SELECT convert_to(jsonb_build_object('at', doc -> 'at', 'values', (
        SELECT jsonb_object_agg(name, cells -> place.n)
        FROM jsonb_each(doc -> 'columns') AS measured(name, cells)))::text, 'UTF8')
    FROM line, place
$$;

CREATE TABLE IF NOT EXISTS account (
    id          text COLLATE "C" PRIMARY KEY,
    kind        text NOT NULL,
    owner       text NOT NULL,
    floor_won   bigint,                   -- null: may go below zero without limit
    balance_won bigint NOT NULL,
    held_won    bigint NOT NULL CHECK (held_won >= 0),
    state       text NOT NULL DEFAULT 'open',
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
    memo       text NOT NULL,
    until      timestamptz                -- when a held one comes back by itself
);
CREATE INDEX IF NOT EXISTS transfer_debit ON transfer (debit, seq);
CREATE INDEX IF NOT EXISTS transfer_credit ON transfer (credit, seq);
CREATE INDEX IF NOT EXISTS transfer_at ON transfer USING brin (at);
CREATE TABLE IF NOT EXISTS leaf (         -- of the log; each belongs to a fact of its unit
    place      bigint PRIMARY KEY,        -- from 0 on, without a gap
    seq        bigint NOT NULL,
    kind       text NOT NULL,
    fact       text COLLATE "C" NOT NULL,
    commitment bytea NOT NULL,
    person     text,
    body       bytea                      -- the fact, sealed when `person` is set; null: a transfer
);
CREATE INDEX IF NOT EXISTS leaf_fact ON leaf (fact);
CREATE INDEX IF NOT EXISTS leaf_person ON leaf (person) WHERE person IS NOT NULL;
CREATE TABLE IF NOT EXISTS answer (       -- of keyed requests
    caller    text NOT NULL,
    key       text NOT NULL,
    arguments bytea NOT NULL,
    at        timestamptz NOT NULL,
    result    bytea NOT NULL,             -- JSON, sealed when `person` is set
    person    text,
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
CREATE TABLE IF NOT EXISTS notice (       -- what subscribers are to be told, until all of them were
    id         bigint PRIMARY KEY,
    at         timestamptz NOT NULL,
    person     text,
    body       bytea NOT NULL,            -- JSON, sealed when `person` is set
    recipients jsonb NOT NULL             -- subscription -> which entities of the body
);
CREATE INDEX IF NOT EXISTS notice_person ON notice (person) WHERE person IS NOT NULL;
CREATE TABLE IF NOT EXISTS delivery (     -- what became of telling one of them; absent: not tried yet
    notice       bigint NOT NULL,
    subscription text COLLATE "C" NOT NULL,
    state        text NOT NULL,           -- sent, failed (to be tried again), dead, dropped
    attempts     integer NOT NULL,
    at           timestamptz NOT NULL,
    reason       text NOT NULL,
    PRIMARY KEY (notice, subscription)
);
CREATE INDEX IF NOT EXISTS delivery_subscription ON delivery (subscription, notice);
CREATE INDEX IF NOT EXISTS delivery_open ON delivery (notice) WHERE state IN ('failed', 'dead');
CREATE TABLE IF NOT EXISTS tally (        -- of each subscription's notifications
    subscription text COLLATE "C" PRIMARY KEY,
    body         jsonb NOT NULL
);
CREATE TABLE IF NOT EXISTS forgotten (    -- who was, so that an older backup can be told
    who bytea PRIMARY KEY,                -- SHA-256 of the person's id
    at  timestamptz NOT NULL
);
INSERT INTO meta (form) VALUES (2) ON CONFLICT DO NOTHING;

CREATE OR REPLACE FUNCTION forget_people(people text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO forgotten
    SELECT DISTINCT sha256(convert_to(p, 'UTF8')), now() FROM unnest(people) AS gone(p)
    ON CONFLICT (who) DO UPDATE SET at = excluded.at;
    DELETE FROM notice WHERE person = ANY (people);
    DELETE FROM person_key WHERE person = ANY (people);
    DELETE FROM entity WHERE person = ANY (people);
    UPDATE feed SET person = '' WHERE person = ANY (people);
    UPDATE feed SET entity = '' WHERE entity = ANY (people);
    UPDATE leaf SET person = '', fact = '', body = NULL WHERE person = ANY (people);
    DELETE FROM access WHERE person = ANY (people);
    UPDATE access SET reader = '' WHERE reader = ANY (people);
END $$;

-- One group of units in one statement, hence one transaction and one round trip. Rows come as their
-- tables have them: whoever adds a column adds it at the end, here and in `forms.py` alike.
CREATE OR REPLACE FUNCTION commit_group(
    writer_epoch bigint,
    e entity[], e_gone text[], f feed[], a account[], t transfer[], k answer[], c cursor[],
    r access[], p person_key[], p_forgotten text[], n notice[], l leaf[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7040, 2);
    IF (SELECT epoch FROM meta) <> writer_epoch THEN
        RAISE EXCEPTION 'another writer is in charge' USING ERRCODE = 'HG001';
    END IF;
    IF cardinality(p) > 0 THEN
        INSERT INTO person_key SELECT * FROM unnest(p) ON CONFLICT DO NOTHING;
    END IF;
    IF cardinality(e) > 0 THEN
        INSERT INTO entity SELECT * FROM unnest(e)
        ON CONFLICT (id) DO UPDATE SET
            type = excluded.type, version = excluded.version, doc = excluded.doc,
            sealed = excluded.sealed, person = excluded.person, created = excluded.created,
            modified = excluded.modified, closed = excluded.closed, seq = excluded.seq;
    END IF;
    IF cardinality(e_gone) > 0 THEN
        DELETE FROM entity WHERE id = ANY (e_gone);
    END IF;
    IF cardinality(f) > 0 THEN
        INSERT INTO feed SELECT * FROM unnest(f);
    END IF;
    IF cardinality(a) > 0 THEN
        INSERT INTO account SELECT * FROM unnest(a)
        ON CONFLICT (id) DO UPDATE SET
            kind = excluded.kind, owner = excluded.owner, floor_won = excluded.floor_won,
            balance_won = excluded.balance_won, held_won = excluded.held_won,
            state = excluded.state;
    END IF;
    IF cardinality(t) > 0 THEN
        INSERT INTO transfer SELECT * FROM unnest(t);
    END IF;
    IF cardinality(k) > 0 THEN
        INSERT INTO answer SELECT * FROM unnest(k)
        ON CONFLICT (caller, key) DO UPDATE SET
            arguments = excluded.arguments, at = excluded.at, result = excluded.result,
            person = excluded.person
        WHERE answer.at <= excluded.at - interval '24 hours';
    END IF;
    IF cardinality(c) > 0 THEN
        INSERT INTO cursor SELECT * FROM unnest(c)
        ON CONFLICT (handler) DO UPDATE SET position = excluded.position;
    END IF;
    IF cardinality(r) > 0 THEN
        INSERT INTO access SELECT * FROM unnest(r);
    END IF;
    IF cardinality(n) > 0 THEN
        INSERT INTO notice SELECT * FROM unnest(n);
    END IF;
    IF cardinality(l) > 0 THEN
        INSERT INTO leaf SELECT * FROM unnest(l);
    END IF;
    IF cardinality(p_forgotten) > 0 THEN
        PERFORM forget_people(p_forgotten);
    END IF;
END $$;
