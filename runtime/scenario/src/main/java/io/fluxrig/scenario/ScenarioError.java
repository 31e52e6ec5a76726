package io.fluxrig.scenario;

import io.fluxrig.signal.ErrorCode;

/** Trouble with scenarios, passports, trust and data directories. */
public enum ScenarioError implements ErrorCode {
    UNKNOWN_TYPE(
            4001,
            Category.FINDINGS,
            "A gear type is not known",
            "see 'fluxrig gears list', or give its jar with --gears"),
    UNKNOWN_KEY(4002, Category.FINDINGS, "A key is not known here", "remove it or correct it"),
    MISSING(4003, Category.FINDINGS, "Something required is missing", "add it"),
    VALUE(4004, Category.FINDINGS, "A value is not one of the accepted ones", "use one of the named values"),
    DUPLICATE(4005, Category.FINDINGS, "A name is used twice", "give each its own"),
    WIRE(4006, Category.FINDINGS, "A wire leads nowhere", "connect an out-port with an in-port that exist"),
    SETTINGS(4007, Category.FINDINGS, "A gear's settings are wrong", "see 'fluxrig gears doc TYPE'"),
    SPEC(4008, Category.FINDINGS, "A spec cannot be used", "see 'fluxrig spec lint FILE'"),
    EXCLUSIVE(4009, Category.FINDINGS, "Two gears want the same exclusive resource", "give one of them another"),
    UNWIRED(4010, Category.FINDINGS, "A port is not wired", "wire it, or leave it: what goes there ends"),
    RACK(
            4011,
            Category.FINDINGS,
            "A gear is deployed to a Rack that the scenario does not name",
            "add the Rack under racks"),
    FORM(
            4021,
            Category.UNTRUSTED,
            "An artifact's payload is not a scenario of this version",
            "sign the scenario again with this version"),
    SITE(4022, Category.UNTRUSTED, "The artifact belongs to another site", "sign it for this site"),
    EXPIRED(4023, Category.UNTRUSTED, "The artifact has expired", "sign it again; what runs goes on running"),
    ROLLBACK(
            4024,
            Category.UNTRUSTED,
            "A newer serial of this scenario was accepted before",
            "sign the wanted content with a higher serial"),
    EQUIVOCATION(
            4025,
            Category.UNTRUSTED,
            "Another artifact with the same serial was accepted before",
            "somebody signed two contents under one serial: find out who"),
    JUMP(4026, Category.UNTRUSTED, "The serial jumps by more than 1,000,000", "sign with the next serial"),
    SPEC_CHANGED(4027, Category.UNTRUSTED, "A spec is not the one that was signed", "import the signed spec again"),
    CODE_CHANGED(
            4028, Category.UNTRUSTED, "A gear's jar is not the one that was signed", "put the signed jar into --gears"),
    PASSPORT(4029, Category.UNTRUSTED, "Not a passport of this form", "enrol the Rack again"),
    TRUST(
            4030,
            Category.USAGE,
            "The trust directory cannot be read",
            "give a directory with root/*.pem and scenario/*.pem"),
    DATA_DIR(4031, Category.EXTERNAL, "The data directory cannot be used", "check its name and permissions"),
    SITE_DIFFERS(4032, Category.HELD, "The data directory belongs to another site", "give the directory of this site"),
    GEARS_DIR(
            4033,
            Category.USAGE,
            "The directory of gear jars cannot be used",
            "give a directory with jars that hold gear types"),
    POLICY(3040, Category.UNTRUSTED, "Not a policy of this form", "sign the policy again with this version"),
    POLICY_ROLLBACK(
            3041, Category.UNTRUSTED, "A newer policy is in force", "sign the wanted policy with a higher version"),
    POLICY_EXPIRED(
            3042,
            Category.UNTRUSTED,
            "The policy in force has expired, so nothing new is activated; what runs goes on",
            "push a newer policy, and find out why none came"),
    REVOKED(
            3043,
            Category.UNTRUSTED,
            "The keys that signed this artifact were revoked",
            "sign it with a key that the policy names"),
    NOT_GRANTED(
            3044,
            Category.UNTRUSTED,
            "Those who signed this artifact may not do so, or not here, or too few of them have",
            "see 'fluxrig policy show'; add signatures with 'fluxrig scenario sign --add'"),
    PORT_WITHOUT_SPEC(
            4040,
            Category.FINDINGS,
            "A port brings in what is read by a spec later, and has none itself",
            "name the spec in the port's config, so that classified elements are known before anything is stored"),
    DRAIN_ENDED(
            4041,
            Category.EXTERNAL,
            "A gear that a change of scenario replaced was stopped at the end of limits.drain-timeout while it held this signal",
            "raise limits.drain-timeout, or look for what holds the gear up; a peer may have the signal: 'audit list --in-doubt' names it"),
    GEAR_JAR(
            4042,
            Category.UNTRUSTED,
            "A gear's jar is not one that a build tool makes",
            "build it again from its sources, and find out who has changed it"),
    RELEASED(
            4043,
            Category.FINDINGS,
            "The residency of a scenario lets out an element that may not leave a Rack",
            "name only elements that the specs of the scenario describe and do not classify"),
    WIRE_TO_WHICH_RACK(
            4044,
            Category.FINDINGS,
            "A wire leads to a gear that runs on every Rack with a label, and begins elsewhere",
            "say which Rack is meant: to: RACK.gear.port"),
    HOT_BETWEEN_RACKS(
            4045,
            Category.FINDINGS,
            "A wire between two Racks is on the hot lane",
            "put it on the guaranteed lane: what is handed to another Rack is durable first"),
    NOT_ON_THAT_RACK(
            4046,
            Category.FINDINGS,
            "A wire's end names a Rack that its gear does not run on",
            "name the gear's own Rack"),
    WAITS_FOR_ITSELF(
            4048,
            Category.FINDINGS,
            "A signal that leaves a Rack by several wires comes back to it: it waits there until every other Rack has taken its part, and what is behind it waits too",
            "let the copy begin at the Rack that the signal goes to first, or where it ends"),
    DRAIN_TOO_SHORT(
            4050,
            Category.FINDINGS,
            "A gear may wait longer for an answer than a Rack that stops drains",
            "raise limits.drain-timeout above the longest timeout, and leave the process that time to stop; what is cut off is in doubt"),
    ROSTER(
            4047,
            Category.UNTRUSTED,
            "This is not a roster of the site",
            "let it go: a Mixer makes one when its epoch begins and whenever an operator decides about a Rack"),
    TICKET(
            4049,
            Category.UNTRUSTED,
            "This ticket lets no Rack be enrolled",
            "make another with 'fluxrig racks token NAME'; each is good for one Rack, once, for a while");

    private final int number;
    private final Category category;
    private final String summary;
    private final String advice;

    ScenarioError(int number, Category category, String summary, String advice) {
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
