package io.fluxrig.cli;

import io.fluxrig.signal.ErrorCode;

/** Trouble of the command line itself. */
public enum CliError implements ErrorCode {
    INPUT(9001, Category.USAGE, "An input cannot be read", "check the file's name and permissions"),
    OUTPUT(9002, Category.EXTERNAL, "A file cannot be written", "check the directory and the space on the disk"),
    FINDINGS(9003, Category.FINDINGS, "The file has findings", "repair them in the order in which they stand"),
    UNEXPECTED(9004, Category.EXTERNAL, "Something failed that nobody expected", "report it with what was asked"),
    NO_SIGNAL(9005, Category.USAGE, "The vault has no such signal", "list what there is with 'fluxrig audit list'"),
    LISTEN(
            9006,
            Category.EXTERNAL,
            "A port cannot be listened on",
            "stop the program that holds it, or choose another"),
    REVEAL(
            9007,
            Category.HELD,
            "Classified values are not shown here",
            "ask the running Rack with --api URL, or read a copy or a bundle"),
    BUNDLE_EXISTS(9161, Category.USAGE, "Nothing is written over a file that is there", "give another name with --out"),
    TEST_FILE(9122, Category.FINDINGS, "A test file cannot be read as cases", "write it as the finding says"),
    API(
            9121,
            Category.EXTERNAL,
            "A node's management API cannot be used",
            "see that the node runs, and give its address with --api"),
    TOKEN_IN_CLEAR(
            9140,
            Category.HELD,
            "A token is not sent to another machine in clear",
            "use the node's https address (FLUXRIG_API_LISTEN there), or run the command on its machine"),
    TOKEN(
            9141,
            Category.USAGE,
            "A token cannot be read",
            "give a file that holds what 'fluxrig api token' printed, and nothing else"),
    NO_RACK(9142, Category.USAGE, "The Mixer knows no such Rack", "see 'fluxrig racks list'"),
    RACK_TOKEN(
            9143,
            Category.USAGE,
            "No token can be made for a Rack",
            "make it in the data directory that has the site's root key, for a time such as 24h"),
    NO_DATABASE(
            9144,
            Category.USAGE,
            "This is no URL of a PostgreSQL, or it has a password in it",
            "name the password's file by FLUXRIG_JDBC_PASSWORD_FILE"),
    RACK_CHOICE(9145, Category.USAGE, "It is not clear which movable Rack is meant", "name one with --rack"),
    MOVABLE(
            9146,
            Category.HELD,
            "This is not done to a movable Rack",
            "its log lies in the database and is written by its host alone"),
    HEX(9101, Category.USAGE, "Not bytes in hex", "write two hex digits for each byte"),
    MESSAGE(
            9102,
            Category.USAGE,
            "Not a message in JSON",
            "write {\"mti\":\"0200\",\"fields\":{\"2\":\"...\"}}, as 'fluxrig spec unpack --reveal' does");

    private final int number;
    private final Category category;
    private final String summary;
    private final String advice;

    CliError(int number, Category category, String summary, String advice) {
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
