-- 0011_servers: what several servers on one store tell each other: news, and jobs with their results. All of it is
-- forgotten after an hour; none of it is a record, and no dump carries it.

-- The newest news of each sort and subject: a page asks again anyway, so an older one of the same tells nothing more.
CREATE TABLE server_event (
    id INTEGER PRIMARY KEY NOT NULL,          -- grows with every writing: who has seen up to it asks for what is behind
    server TEXT NOT NULL,                     -- who told it first: a name made at each start
    name TEXT NOT NULL,                       -- changed, job
    subject TEXT NOT NULL,                    -- what about: a register, a job's number
    topic TEXT NOT NULL,
    owner TEXT NOT NULL,                      -- '' = whoever subscribes to the topic
    data TEXT NOT NULL,
    at_utc_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX server_event_of ON server_event (server, name, subject);

CREATE TABLE server_job (
    id INTEGER PRIMARY KEY NOT NULL,          -- over all servers
    server TEXT NOT NULL,                     -- where it waits or runs
    owner TEXT NOT NULL,                      -- the user who ordered it, and alone may see it
    kind TEXT NOT NULL,
    label TEXT NOT NULL,                      -- this and the four texts below: sealed where the store has a key
    state TEXT NOT NULL,                      -- waiting, running, done, failed, cancelled
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    started_utc_ms INTEGER NOT NULL,          -- 0 = not yet
    ended_utc_ms INTEGER NOT NULL,            -- 0 = not yet
    heard_utc_ms INTEGER NOT NULL,            -- the server's sign of life while it has not ended
    cancel INTEGER NOT NULL,                  -- 1: somebody asked for it; its server stops it
    status INTEGER NOT NULL,                  -- of a failure; 0 = none
    code TEXT NOT NULL,
    place TEXT NOT NULL,
    what TEXT NOT NULL,
    hint TEXT NOT NULL,
    file_name TEXT NOT NULL,
    result TEXT NOT NULL,                     -- none, kept: in server_job_part, large: with its server alone, dropped: a person was erased
    answer TEXT NOT NULL
) STRICT;
CREATE INDEX server_job_owner ON server_job (owner, id);
CREATE INDEX server_job_ended ON server_job (ended_utc_ms);

-- The bytes of a result, in pieces.
CREATE TABLE server_job_part (
    job INTEGER NOT NULL,
    part INTEGER NOT NULL,                    -- from 0
    sealed INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (job, part)
) STRICT;
