package io.fluxrig.gears.tcp;

import io.fluxrig.gear.GearError;
import io.fluxrig.gear.Intake;
import io.fluxrig.gears.iso8583.ResponseCode;
import io.fluxrig.signal.ErrorCode;
import io.fluxrig.signal.FluxMap;
import java.util.Map;
import java.util.function.Consumer;

/** Hears how a request ended, and answers it where it failed on its way and nobody else has answered it. */
final class RequestEnd implements Consumer<Intake.End> {
    private final Session session;
    private final Map<String, String> meta;
    private final FluxMap request;
    private long id;
    private Intake.Failure failure;
    private boolean ended;
    private boolean answered;

    RequestEnd(Session session, Map<String, String> meta, FluxMap request) {
        this.session = session;
        this.meta = meta;
        this.request = request;
    }

    /** The end may come before the door has told the id. */
    void accepted(long itsId) {
        Intake.Failure early;
        synchronized (this) {
            id = itsId;
            early = failure;
            if (!ended) {
                session.answers().begins(itsId, this);
            }
        }
        if (early != null) {
            session.answer(itsId, meta, request, codeFor(early.code()));
        }
    }

    /** A gear has answered the request before it ended. */
    synchronized void isAnswered() {
        answered = true;
    }

    @Override
    public void accept(Intake.End end) {
        boolean isOurs;
        synchronized (this) {
            ended = true;
            if (end instanceof Intake.Failure failed) {
                failure = failed;
            }
            isOurs = failure != null && id != 0 && !answered;
            if (isOurs && session.answersFailures()) {
                session.answers().fails(id);
            }
            session.answers().ends(id);
        }
        if (isOurs) {
            session.answer(id, meta, request, codeFor(failure.code()));
        }
    }

    static ResponseCode codeFor(ErrorCode code) {
        return switch (code) {
            case GearError.NO_ROUTE -> ResponseCode.NO_ROUTE;
            case GearError.NO_FIELD, GearError.UNREADABLE -> ResponseCode.FORMAT_ERROR;
            case GearError.DUPLICATE_KEY -> ResponseCode.DUPLICATE;
            case GearError.LINK_DOWN,
                    GearError.LINK_CONGESTED,
                    GearError.LINK_LOST,
                    GearError.NO_ANSWER,
                    GearError.EXPIRED -> ResponseCode.ISSUER_UNAVAILABLE;
            default -> ResponseCode.SYSTEM_MALFUNCTION;
        };
    }
}
