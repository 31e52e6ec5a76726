package io.fluxrig.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fluxrig.signal.FluxException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fluxrig top}. */
@Command(
        name = "top",
        description = {
            "A node as it works, and the site as it sees it: a page that is drawn again every second until Ctrl-C.",
            "Where standard output is no terminal a line a second. With --json one document, or with --count one a line each second."
        },
        footer = {
            "",
            "Examples: fluxrig top --api http://127.0.0.1:8090",
            "          fluxrig top --json --count 60 >minute.jsonl"
        },
        mixinStandardHelpOptions = true)
final class TopCommand implements Callable<Integer> {
    @Mixin
    private Api api;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "end after so many seconds (default: never; with --json 1)")
    private Optional<Long> count = Optional.empty();

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        TopSample first = TopSample.of(api);
        if (json || !Screen.isThere()) {
            watch(first, false, told -> {
                out.println(json ? told : line(told));
                out.flush();
            });
        } else {
            try (Screen screen = new Screen(out)) {
                screen.draw(TopPage.of(first.since(first)));
                watch(first, true, told -> screen.draw(TopPage.of(told)));
            }
        }
        return 0;
    }

    /** @param patient whether a node that is away for a while is waited for */
    private void watch(TopSample first, boolean patient, Consumer<ObjectNode> display) throws InterruptedException {
        SiteWatch site = new SiteWatch(api);
        TopSample before = first;
        ObjectNode told = first.since(first);
        for (long second = 0; second < count.orElse(json ? 1L : Long.MAX_VALUE); second++) {
            Thread.sleep(1_000);
            try {
                TopSample now = TopSample.of(api);
                told = now.since(before);
                told.setAll(site.last());
                before = now;
            } catch (FluxException | Api.ToldByNode silent) {
                if (!patient) {
                    throw silent;
                }
                told.put("silent", silent.getMessage());
            }
            display.accept(told);
        }
    }

    private static String line(ObjectNode told) {
        return String.format(
                Locale.ROOT,
                "%s   %,d leaves/s   %,d KiB/s",
                StatusCommand.line(told),
                told.path("leavesPerSecond").asLong(),
                told.path("bytesPerSecond").asLong() / 1024);
    }
}
