package io.fluxrig.node;

import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.FluxException;

/** Trouble of a running node. */
public enum NodeError implements ErrorCode {
    INTERRUPTED(
            6001,
            Category.EXTERNAL,
            "The process ended while this signal was inside the Rack; nothing had left",
            "the sender may ask again"),
    IN_DOUBT(
            6002,
            Category.EXTERNAL,
            "The process ended after this signal was recorded as leaving; it may have left",
            "clear it up with the peer; it is never sent again by itself"),
    PATH_TOO_LONG(6003, Category.EXHAUSTED, "A signal made more than 64 hops", "look for a loop in the wires"),
    NOT_ENROLLED(
            6004,
            Category.HELD,
            "The Mixer has not enrolled this Rack",
            "see 'fluxrig racks list'; a Rack keeps its name and key for good"),
    PASSPORT(6005, Category.HELD, "The passport is not of this Rack", "give the Rack its own data directory"),
    NO_SCENARIO(
            6006,
            Category.USAGE,
            "There is nothing to run: no scenario was given and none ran here before",
            "give an F.scenario file"),
    START(6007, Category.EXTERNAL, "The node could not start", "see the reason; the data is untouched"),
    VAULT_STOPPED(
            6008,
            Category.EXTERNAL,
            "The vault stopped, so the node stops: nothing may leave unrecorded",
            "look at the disk, then start the node again"),
    NOT_STORABLE(
            6009,
            Category.EXTERNAL,
            "A message cannot be brought into the form in which it may be kept",
            "raw and data of a message must tell the same; mend the gear"),
    MANAGEMENT_PORT(
            6010,
            Category.EXTERNAL,
            "The management port cannot be listened on",
            "choose another with --management-port"),
    SNAPSHOT_AHEAD(
            6011,
            Category.HELD,
            "The log ends before what a snapshot beside it remembers: the disk was rolled back",
            "put the whole data directory back from one copy, or enrol the Rack under a new generation"),
    QUARANTINED(
            6012,
            Category.HELD,
            "The Mixer remembers another history of this Rack's log: its disk was rolled back, restored or cloned",
            "keep the disk for the auditor; 'fluxrig racks renew NAME' begins a new generation beside the old log"),
    RENEWAL(
            6013,
            Category.HELD,
            "A new generation cannot be begun",
            "stop the Rack, and do this where the root key is"),
    SWAP_UNDER_WAY(
            6040,
            Category.EXTERNAL,
            "A change of scenario cannot begin before an earlier one has ended",
            "wait until it has; 'fluxrig scenario status' tells"),
    LINK_NOT_UP(
            6041,
            Category.EXTERNAL,
            "A link of the new scenario did not come up, so what ran goes on running",
            "look at the address and at the peer, then activate again"),
    NO_RELEASE(
            6042,
            Category.USAGE,
            "The Mixer has no such artifact",
            "push it first; 'fluxrig scenario history' lists what there is"),
    NO_WAY_BACK(
            6043,
            Category.HELD,
            "There is nothing to roll back to",
            "sign the old content anew with 'fluxrig scenario sign --return OLD.scenario', and push that"),
    SILENT(6044, Category.EXTERNAL, "A Rack has not answered", "look at that Rack; it catches up by itself"),
    NOT_ASKED(6045, Category.EXTERNAL, "This Rack was not asked", "mend what the first Rack says, then try again"),
    SWAP_FAILED(
            6077,
            Category.EXTERNAL,
            "The new scenario could not be brought up, so what ran goes on running",
            "see the reason; a gear that fails at its start is for its author to mend"),
    TRIAL_FAILED(
            6046,
            Category.EXTERNAL,
            "The new scenario met errors while it was on trial, so the Rack returned to the one before",
            "look at what failed; the next try needs a new serial"),
    REQUEST(6047, Category.USAGE, "The management API does not take this", "use the fluxrig command"),
    API_FROM_ELSEWHERE(
            6049,
            Category.USAGE,
            "The management API answers in clear only on the machine of its node",
            "run the command there ('docker exec', 'kubectl exec' or a port that is forwarded), or let it listen with TLS: FLUXRIG_API_LISTEN; health and metrics answer everybody"),
    TOKEN_FILE(
            6055,
            Category.HELD,
            "The node's file of API tokens cannot be used",
            "mend what is named; 'fluxrig api token' writes such lines"),
    TOKEN_NEEDED(
            6056,
            Category.HELD,
            "The management API answers nobody whom it does not know",
            "give a token with --token-file or FLUXRIG_API_TOKEN; 'fluxrig api token' makes one"),
    TOKEN_UNKNOWN(
            6057,
            Category.HELD,
            "Nobody is known here by this token or certificate",
            "ask for one that is; 'fluxrig api token' adds a token to the node's file"),
    ROLE(
            6058,
            Category.HELD,
            "The role of who asks does not allow this",
            "use a token of that role: 'fluxrig api token --role ROLE --tokens FILE', with FLUXRIG_API_TOKENS=FILE at the node"),
    API_IN_CLEAR(
            6059,
            Category.USAGE,
            "The management API does not talk to other machines in clear",
            "give the node a certificate with FLUXRIG_TLS ('fluxrig certs issue' makes one), or leave FLUXRIG_API_LISTEN out"),
    REVEAL_REASON(
            6060,
            Category.USAGE,
            "Classified values are shown for a reason that is recorded, of 1 to 400 characters",
            "say it with --reason TEXT"),
    DISCLOSURE(
            6061,
            Category.EXTERNAL,
            "What a signal holds cannot be shown now",
            "try again, or read a copy of the data directory with 'fluxrig audit show'"),
    RACK_AWAY(
            6062,
            Category.EXTERNAL,
            "The Rack that holds the payload does not answer",
            "try again when it is back ('fluxrig status' tells); payloads are kept nowhere else"),
    NOT_IN_VAULT(
            6063,
            Category.USAGE,
            "The Rack's vault has no such signal",
            "name the Rack that has it with --rack; 'fluxrig signals show' tells which"),
    TOKEN_NAME(
            6064,
            Category.USAGE,
            "This is no name for who shows a token",
            "use up to 64 letters, digits and '@', '.', '_', '-', a letter or digit first"),
    TELEMETRY(
            8010,
            Category.USAGE,
            "What is said about telemetry cannot be used",
            "give a collector as --otlp http://HOST:4318, and --trace-sample between 0 and 1"),
    BOOK(
            8011,
            Category.EXTERNAL,
            "The Mixer's book of signals cannot be used",
            "look at the disk under DIR/mixer, or at PostgreSQL; the book can be deleted, the Racks deliver again"),
    SIGNAL_QUERY(8012, Category.USAGE, "A question about signals cannot be read", "see 'fluxrig signals list --help'"),
    NO_SIGNAL(
            8013,
            Category.USAGE,
            "The Mixer knows no such signal",
            "list what there is with 'fluxrig signals list'; a Rack that is behind delivers later"),
    BLOB(
            6048,
            Category.UNTRUSTED,
            "Bytes that were sent are not those that their hash names",
            "send them again from an undamaged store"),
    SLOW_DISK(
            6071,
            Category.EXTERNAL,
            "The disk of the log is slow",
            "look at the disk and at who shares it ('fluxrig doctor' measures it); nothing is acknowledged before it is durable, so signals wait"),
    MIXER_JOURNAL(
            6072,
            Category.EXTERNAL,
            "The Mixer's journal is away; Racks work on without it",
            "look at PostgreSQL ('fluxrig doctor' tries to reach it); the Mixer comes back by itself"),
    MIXER_REPLACED(
            6073,
            Category.EXTERNAL,
            "This Mixer was replaced by another, and is no longer believed",
            "ask again: its successor answers; the node that it ran on stops by itself"),
    MIXER_KEYS(
            6074,
            Category.HELD,
            "This node has other keys than the Mixer had before",
            "bring root.pem and mixer.pem of the node that was the Mixer first into FLUXRIG_TLS, or into keys/ of the data directory, and its trust/; or give this node a certificate without the role mixer"),
    MIXER_BUSY(6075, Category.EXHAUSTED, "More questions wait for the Mixer than it keeps", "ask again in a moment"),
    MIXER_ELSEWHERE(
            6076,
            Category.HELD,
            "The Mixer's journal lies somewhere else, and none is begun beside it",
            "set FLUXRIG_JDBC_URL as it was; what goes on here would grant machine ids a second time"),
    PARTED(
            6070,
            Category.EXTERNAL,
            "This node stopped without having been asked: it found no cluster, or the others went on without it",
            "start it again; 'fluxrig doctor' looks at names, ports and certificates"),
    NO_CLUSTER(
            6078,
            Category.EXTERNAL,
            "This node has not found its cluster",
            "start the others, and let 'fluxrig doctor' look at names, ports and certificates; when you know that none of them runs, start one with 'fluxrig run --bootstrap'"),
    WIRE_FULL(
            6080,
            Category.EXHAUSTED,
            "As many signals as may wait on a wire to another Rack wait already; this one was not handed over",
            "bring the other Rack or the network back ('fluxrig status' names the wire); limits.wire-backlog says how many may wait"),
    NOT_HANDED_OVER(
            6081,
            Category.EXTERNAL,
            "The process ended before another Rack had taken this signal, and what was stored of it cannot be sent",
            "the sender may ask again: the other Rack never had it"),
    WIRE_UNKNOWN(
            6082,
            Category.EXTERNAL,
            "A Rack does not take what another hands over: its own scenario has no such wire, or not that spec",
            "activate the same scenario on both; what waits stays in the vault of the sender"),
    WIRE_STRANGER(
            6083,
            Category.UNTRUSTED,
            "Who speaks on a wire does not hold the key of the Rack that it claims to be",
            "find out who is in the cluster: 'fluxrig status' lists members"),
    RACK_ELSEWHERE(
            6090,
            Category.HELD,
            "Another node hosts this movable Rack now; nothing of it is made durable or leaves here any more",
            "start this node again: it stands by for the next time; if both see the same cluster, look at FLUXRIG_SEED_NODES"),
    RACK_SECRET(
            6091,
            Category.HELD,
            "The secret that opens the key of a movable Rack is missing, malformed or another one",
            "mount the same file of 32 random bytes on every node (head -c 32 /dev/urandom > rack.secret) and name it by FLUXRIG_RACK_SECRET_FILE"),
    RACK_DATABASE(
            6092,
            Category.EXTERNAL,
            "The PostgreSQL that holds a movable Rack cannot be used; its traffic waits until it can",
            "look at FLUXRIG_JDBC_URL and FLUXRIG_JDBC_PASSWORD_FILE, at PostgreSQL and at who may connect to it"),
    RACK_PINNED(
            6093,
            Category.HELD,
            "A Rack is either pinned to a data directory or movable, never both",
            "give the movable Rack in FLUXRIG_MOVABLE_RACKS, or this node's own in FLUXRIG_RACK, a name that no other has"),
    RACK_NO_DATABASE(
            6094,
            Category.USAGE,
            "A movable Rack needs a PostgreSQL that all its nodes reach",
            "set FLUXRIG_JDBC_URL, or take the Rack out of FLUXRIG_MOVABLE_RACKS"),
    RACK_COPY(
            6095,
            Category.HELD,
            "What the database holds of a movable Rack is not what a host wrote",
            "keep a copy of the database; put it back from its newest backup; 'fluxrig audit verify --jdbc' names the place"),
    RACK_TABLES(
            6096,
            Category.USAGE,
            "This database holds no such movable Rack",
            "name one of those that it holds with --rack, or look at --jdbc"),
    SUSPENDED(
            6088,
            Category.HELD,
            "An operator has suspended this Rack, or removed it",
            "see 'fluxrig racks show'; after 'fluxrig racks approve' start the node again"),
    RACK_ORDER(6089, Category.USAGE, "This cannot be done with that Rack", "see 'fluxrig racks list'");

    private final int number;
    private final Category category;
    private final String summary;
    private final String advice;

    NodeError(int number, Category category, String summary, String advice) {
        this.number = number;
        this.category = category;
        this.summary = summary;
        this.advice = advice;
    }

    /** The refusal that {@code problem} is or carries; where there is none in it, this one with the problem as its cause. */
    FluxException from(Throwable problem) {
        for (Throwable at = problem; at != null; at = at.getCause()) {
            if (at instanceof FluxException refusal) {
                return refusal;
            }
        }
        return new FluxException(this, String.valueOf(problem.getMessage()), problem);
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
