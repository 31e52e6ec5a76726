package io.fluxrig.wal;

import io.fluxrig.signal.ErrorCode;

/** Trouble with the write-ahead log: its directory, its segments, its disk. */
public enum WalError implements ErrorCode {
    IN_USE(
            5001,
            Category.HELD,
            "Another process or actor has this log open",
            "stop the other one; a log has one writer"),
    OTHER_OWNER(
            5002,
            Category.HELD,
            "The log belongs to somebody else",
            "give this Rack its own directory, or the log its own Rack"),
    DAMAGED(
            5003,
            Category.HELD,
            "The log is damaged before its durable watermark",
            "run 'fluxrig wal check'; nothing was deleted, put a good copy back or enrol under a new generation"),
    MISSING(
            5004,
            Category.HELD,
            "A part of the log is missing",
            "put the missing file back; the log never starts empty over existing data"),
    NEWER_FORMAT(5005, Category.HELD, "The log was written by a newer version", "start the newer version again"),
    NOT_OURS(
            5006, Category.HELD, "A file in the log's directory is not what its name says", "move the named file away"),
    FAILED(
            5007,
            Category.EXTERNAL,
            "The disk refused a write or an fsync; the log stays closed for writing until a restart",
            "look at the disk; what was acknowledged is safe"),
    TOO_LARGE(
            5008,
            Category.EXHAUSTED,
            "One atomic write is larger than the log takes",
            "make the event smaller or raise max-write-bytes"),
    QUEUE_FULL(
            5009,
            Category.EXHAUSTED,
            "Too many bytes wait for the disk",
            "slow the senders down or raise max-queued-bytes"),
    CLOSED(
            5010,
            Category.EXHAUSTED,
            "The log was closed before this write was durable",
            "send it again after the restart"),
    SECOND_WRITER(
            5011,
            Category.HELD,
            "A sequence number was offered that the log already holds",
            "look for two actors with one persistence id"),
    SETTINGS(5012, Category.USAGE, "The log's settings do not fit together", "correct the configuration"),
    UNREADABLE(5013, Category.EXTERNAL, "A file of the log cannot be read", "look at permissions and the disk"),
    NO_LOG(5014, Category.USAGE, "There is no log in this directory", "name the wal directory of a Rack"),
    SNAPSHOT(
            5015,
            Category.EXTERNAL,
            "A snapshot could not be stored",
            "look at the disk; the log itself is not concerned"),
    ARCHIVED(
            5016,
            Category.HELD,
            "What is asked for lies in segments that were moved to an archive, which is out of reach",
            "mount the archive directory that 'fluxrig wal describe' names, or put its segments back"),
    ARCHIVE(
            5017,
            Category.EXTERNAL,
            "A segment could not be moved to the archive; it stays where it is",
            "look at the archive directory and its disk");

    private final int number;
    private final Category category;
    private final String summary;
    private final String advice;

    WalError(int number, Category category, String summary, String advice) {
        this.number = number;
        this.category = category;
        this.summary = summary;
        this.advice = advice;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public Category category() {
        return category;
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public String advice() {
        return advice;
    }
}
