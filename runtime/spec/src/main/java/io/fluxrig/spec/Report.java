package io.fluxrig.spec;

import java.util.List;
import java.util.function.Function;

/** Where the parts of a reader tell what they found; a node is told with the file that it came from. */
final class Report {
    private final List<Finding> findings;
    private final Function<YamlNode, String> file;

    Report(List<Finding> findings, Function<YamlNode, String> file) {
        this.findings = findings;
        this.file = file;
    }

    void error(YamlNode at, SpecError code, String what, String hint) {
        findings.add(new Finding(file.apply(at), at.line(), at.column(), code, what, hint));
    }

    void warning(YamlNode at, SpecError code, String what, String hint) {
        findings.add(new Finding(file.apply(at), at.line(), at.column(), code, what, hint, true));
    }

    /** @param offset of a character within the scalar's text; told exactly where the text stands in the file as it is */
    void errorWithin(YamlNode.Scalar at, int offset, SpecError code, String what, String hint) {
        int quote = at.quoted() ? 1 : 0;
        int length = at.text().codePointCount(0, at.text().length());
        boolean verbatim =
                at.to() - at.from() == length + 2 * quote && at.text().indexOf('\n') < 0;
        int column = verbatim ? at.column() + quote + at.text().codePointCount(0, offset) : at.column();
        String place = verbatim ? "" : " at character " + (offset + 1);
        findings.add(new Finding(file.apply(at), at.line(), column, code, what + place, hint));
    }

    int size() {
        return findings.size();
    }

    String fileOf(YamlNode node) {
        return file.apply(node);
    }
}
