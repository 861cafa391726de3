-- The store itself: every touched key has one row, at the revision that last touched it.
CREATE TABLE entries (
    revision INTEGER PRIMARY KEY CHECK (revision > 0),
    key      TEXT NOT NULL UNIQUE CHECK (typeof(key) = 'text'),
    value    TEXT CHECK (typeof(value) IN ('text', 'null'))  -- NULL: the key was erased
);

-- 'head' is the last revision that was ever given out, so that none is given out twice.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value
);
INSERT INTO meta (name, value) VALUES ('head', 0);
