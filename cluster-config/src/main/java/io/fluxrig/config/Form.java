package io.fluxrig.config;

import java.util.regex.Pattern;

/** How the value of a setting is written. */
public enum Form {
    PROFILE("single|cluster|kubernetes", "cluster"),
    NAME("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", "rack-a"),
    NAMES("[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?(,[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?){0,15}", "gate,press"),
    PATH("[^\\x00-\\x1f]{1,4096}", "/var/lib/fluxrig"),
    HOST("[A-Za-z0-9:]([A-Za-z0-9.:_-]{0,253}[A-Za-z0-9:])?", "node-1.fluxrig"),
    PORT("0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]", "7355"),
    ADDRESSES(
            "[A-Za-z0-9][A-Za-z0-9._-]*:[1-9][0-9]{0,4}(,[A-Za-z0-9][A-Za-z0-9._-]*:[1-9][0-9]{0,4}){0,31}",
            "node-0.fluxrig:7355,node-1.fluxrig:7355"),
    ADDRESS("[A-Za-z0-9][A-Za-z0-9._-]*:[1-9][0-9]{0,4}", "0.0.0.0:8443"),
    URLS("https?://[^,\\s]+(,https?://[^,\\s]+){0,15}", "http://auditor.example:8095"),
    /** Never with a password in it: a URL is shown. */
    JDBC(
            "jdbc:postgresql://(?!\\S*[?&](password|sslpassword)=)(?![^/]*@)[^\\s]{1,1000}",
            "jdbc:postgresql://db.example:5432/fluxrig?user=fluxrig&sslmode=verify-full"),
    SIZE("[1-9][0-9]{0,9}(B|KiB|MiB|GiB|TiB)", "50GiB"),
    AGE("[1-9][0-9]{0,6}(s|m|h|d)", "30d"),
    SPAN("[1-9][0-9]{0,6}(ms|s|m)", "500ms"),
    ON_DAMAGE("exit|hold", "hold"),
    PART("0|1|1\\.0|0?\\.[0-9]{1,9}", "0.05"),
    NUMBER("[1-9][0-9]{0,8}", "50"),
    LEVEL("TRACE|DEBUG|INFO|WARN|ERROR|OFF", "INFO"),
    LOG_FORMAT("text|json", "json"),
    /** Never told, only that it is there. */
    SECRET("[\\x21-\\x7e]{20,200}", "fluxrig_as-the-command-api-token-prints-it"),
    WORDS("[^\\x00-\\x1f]{1,4096}", "-Xmx2g");

    private final Pattern pattern;
    private final String example;

    Form(String pattern, String example) {
        this.pattern = Pattern.compile(pattern);
        this.example = example;
    }

    /** Whether a value has this form. */
    public boolean fits(String value) {
        return pattern.matcher(value).matches();
    }

    /** A value of this form. */
    public String example() {
        return example;
    }
}
