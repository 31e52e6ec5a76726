package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.certs.CertificateFile;
import io.fluxrig.certs.Identity;
import io.fluxrig.certs.SiteAuthority;
import io.fluxrig.node.LeafJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fluxrig certs ...}. */
@Command(
        name = "certs",
        description = "A certificate authority for sites that have none, and the certificates of their nodes.",
        footer = {"", "Example: fluxrig certs issue node-1 --ca ./ca --host node-1.fluxrig --role rack --out ./tls"},
        mixinStandardHelpOptions = true)
final class CertsCommand {
    @Spec
    private CommandSpec spec;

    @Command(
            name = "init",
            description = "Makes an authority; its directory belongs on a machine that runs no node.",
            footer = {"", "Example: fluxrig certs init --ca ./ca --site pay.example"},
            mixinStandardHelpOptions = true)
    int init(
            @Option(names = "--ca", required = true, paramLabel = "DIR", description = "its directory") Path ca,
            @Option(
                            names = "--site",
                            paramLabel = "SITE",
                            description = "the site (default: local)",
                            defaultValue = "local")
                    String site,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        SiteAuthority authority = SiteAuthority.init(ca, site, Clock.systemUTC());
        return tell(authority.bundle(), json);
    }

    @Command(
            name = "issue",
            description =
                    "Makes a node's key and certificate: tls.key, tls.crt and ca.crt. Again before it ends; the node reads it by itself.",
            footer = {
                "",
                "Example: fluxrig certs issue node-1 --ca ./ca --host node-1.fluxrig --role mixer,rack --out ./tls"
            },
            mixinStandardHelpOptions = true)
    int issue(
            @Parameters(paramLabel = "NODE", description = "the node's name") String node,
            @Option(names = "--ca", required = true, paramLabel = "DIR", description = "the authority's directory")
                    Path ca,
            @Option(
                            names = "--host",
                            paramLabel = "NAME",
                            split = ",",
                            description = "a name or address under which it is reached (default: NODE)")
                    List<String> hosts,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            split = ",",
                            description =
                                    "mixer, rack; of a person viewer, operator, auditor (default: ${DEFAULT-VALUE})",
                            defaultValue = "rack")
                    List<String> roles,
            @Option(
                            names = "--days",
                            description = "how long it is good for (default: ${DEFAULT-VALUE})",
                            defaultValue = "90")
                    int days,
            @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the files go") Path out,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        List<String> names = new ArrayList<>(hosts == null ? List.of(node) : hosts);
        SiteAuthority.open(ca, Clock.systemUTC())
                .issue(new SiteAuthority.Request(node, new TreeSet<>(roles), names, Duration.ofDays(days)), out);
        return tell(out.resolve("tls.crt"), json);
    }

    @Command(
            name = "rotate",
            description = {
                "Replaces the authority in three steps; between them, issue every node its files again.",
                "First a second one is trusted. With --switch it issues. With --finish it is the only one trusted."
            },
            footer = {"", "Example: fluxrig certs rotate --ca ./ca"},
            mixinStandardHelpOptions = true)
    int rotate(
            @Option(names = "--ca", required = true, paramLabel = "DIR", description = "the authority's directory")
                    Path ca,
            @Option(names = "--switch", description = "the second authority issues from now on") boolean switchOver,
            @Option(names = "--finish", description = "the first authority is trusted no more") boolean finish,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        SiteAuthority authority = SiteAuthority.open(ca, Clock.systemUTC());
        if (finish) {
            authority.finish();
        } else if (switchOver) {
            authority.switchOver();
        } else {
            authority.rotate();
        }
        return tell(authority.bundle(), json);
    }

    @Command(
            name = "show",
            description =
                    "Tells what the certificates in a file, or in a directory's tls.crt, say; exit code 1 where one has ended.",
            footer = {"", "Example: fluxrig certs show ./tls --json"},
            mixinStandardHelpOptions = true)
    int show(
            @Parameters(
                            paramLabel = "FILE",
                            description = "certificates in PEM form, or the directory of a node's files")
                    Path file,
            @Option(names = "--json", description = "one document on standard output") boolean json) {
        return tell(file, json);
    }

    private int tell(Path file, boolean json) {
        Instant now = Instant.now();
        PrintWriter out = spec.commandLine().getOut();
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        var all = document.putArray("certificates");
        boolean ended = false;
        for (CertificateFile.Entry entry : CertificateFile.read(file)) {
            Identity identity = entry.identity();
            long days = Duration.between(now, identity.notAfter()).toDays();
            ended |= now.isAfter(identity.notAfter());
            ObjectNode node = all.addObject()
                    .put("subject", entry.subject())
                    .put("issuer", entry.issuer())
                    .put("site", identity.site().orElse(""))
                    .put("notAfter", identity.notAfter().toString())
                    .put("daysLeft", days)
                    .put("sha256", entry.sha256());
            var roles = node.putArray("roles");
            identity.roles().forEach(roles::add);
            var hosts = node.putArray("hosts");
            identity.hosts().forEach(hosts::add);
            if (!json) {
                out.printf(
                        "%s%n  issued by %s%n  site %s, roles %s, hosts %s%n  good until %s, %d days%n",
                        LeafJson.printable(entry.subject()),
                        LeafJson.printable(entry.issuer()),
                        LeafJson.printable(identity.site().orElse("none")),
                        identity.roles(),
                        identity.hosts(),
                        identity.notAfter(),
                        days);
            }
        }
        if (json) {
            out.println(document);
        }
        out.flush();
        return ended ? 1 : 0;
    }
}
