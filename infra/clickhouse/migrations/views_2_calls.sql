-- Calls, their legs folded; as views.sql.

CREATE OR REPLACE VIEW kenal.calls
(
    call_id String COMMENT 'call; unique within its source',
    source LowCardinality(String) COMMENT 'source of the call''s events',
    profile_id String COMMENT 'profile of the outside party; empty where nobody is known, or the number is withheld',
    direction LowCardinality(String) COMMENT 'inbound, outbound, internal; empty where no event says who called whom',
    outcome LowCardinality(String) COMMENT 'answered: somebody spoke; voicemail: a message was left, or a machine took the call; abandoned: the caller hung up while waiting; missed: nobody took it; empty: not over, and nobody has answered yet',
    from_number String COMMENT 'who called, E.164 where it is a number; empty where withheld',
    to_number String COMMENT 'what was called',
    agent String COMMENT 'who of ours spoke first; of an outbound call that reached nobody, who called; empty where unknown',
    team LowCardinality(String) COMMENT 'team of agent, else the first that is known of it; empty where none is',
    queue String COMMENT 'queue that the caller waited in first; empty where in none',
    case_id String COMMENT 'case that it belongs to; empty where there is none',
    started_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when it began; NULL where only a recording is known',
    answered_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when somebody answered; NULL unless outcome is answered, or where nothing says when',
    ended_at Nullable(DateTime64(6, 'UTC')) COMMENT 'when its last leg ended; NULL where none has',
    answer_seconds Nullable(Float64) COMMENT 'answer time: from started_at to answered_at',
    talk_seconds Float64 COMMENT 'how long anybody spoke; legs at the same time count once',
    hold_seconds Float64 COMMENT 'on hold, where the vendor tells it apart; else it is in talk_seconds',
    wrap_up_seconds Float64 COMMENT 'work after the call, where the vendor tells it',
    handle_seconds Float64 COMMENT 'handle time: talk + hold + wrap-up',
    total_seconds Nullable(Float64) COMMENT 'from started_at to ended_at; of an abandoned call, how long the caller waited',
    legs UInt64 COMMENT 'the call itself, and each telephone that it rang, as far as they were told',
    reason String COMMENT 'why its last leg ended, in the vendor''s word; empty where it says none',
    recordings Array(String) COMMENT 'where recordings lie',
    transcripts Array(String) COMMENT 'where transcripts lie',
    events UInt64 COMMENT 'how many events speak of it'
)
AS SELECT * FROM kenal.calls_as_of(as_of = toDate32('2299-12-30'))
COMMENT 'one row a telephone call of a source, all its legs folded';
