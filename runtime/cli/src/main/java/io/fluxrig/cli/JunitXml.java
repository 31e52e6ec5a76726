package io.fluxrig.cli;

import io.fluxrig.signal.FluxException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A report that build servers read. */
final class JunitXml {
    private JunitXml() {}

    static void write(Path file, List<ScenarioTestCommand.Told> told) {
        try (Writer out = Files.newBufferedWriter(file)) {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument();
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", "fluxrig scenario test");
            xml.writeAttribute("tests", String.valueOf(told.size()));
            xml.writeAttribute(
                    "failures",
                    String.valueOf(
                            told.stream().filter(t -> t.failure().isPresent()).count()));
            for (ScenarioTestCommand.Told t : told) {
                testCase(xml, t);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (IOException | XMLStreamException e) {
            throw new FluxException(CliError.OUTPUT, file + " cannot be written", e);
        }
    }

    private static void testCase(XMLStreamWriter xml, ScenarioTestCommand.Told t) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", t.file().getFileName().toString());
        xml.writeAttribute("name", t.story().name());
        xml.writeAttribute("time", String.format(Locale.ROOT, "%.6f", t.nanos() / 1e9));
        if (t.failure().isPresent()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("message", t.failure().get().what());
            xml.writeCharacters(t.line());
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
}
