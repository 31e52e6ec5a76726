package io.fluxrig.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.fluxrig.config.Setting;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * The log: one line each to standard error, as the settings {@code FLUXRIG_LOG*} say; {@code -Dfluxrig.log.stack=full} writes whole stacks. Found by Logback as a service; a file that {@code
 * -Dlogback.configurationFile} names goes before it.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        LogAppender appender = new LogAppender();
        appender.setContext(context);
        appender.setName("STDERR");
        appender.setFormat(told(Setting.LOG_FORMAT));
        appender.setStack(System.getProperty("fluxrig.log.stack", "short"));
        appender.setLinesPerSecond(lines());
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(told(Setting.LOG_PEKKO), Level.WARN));
        root.addAppender(appender);
        context.getLogger("io.fluxrig").setLevel(Level.toLevel(told(Setting.LOG), Level.INFO));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** As it stands: what cannot be used is refused with a number where the settings are checked, and that line needs a log. */
    private static String told(Setting setting) {
        return Optional.ofNullable(System.getenv(setting.key())).orElse(setting.fallback());
    }

    private static int lines() {
        try {
            return Integer.parseInt(told(Setting.LOG_LINES));
        } catch (NumberFormatException unusable) {
            return Integer.parseInt(Setting.LOG_LINES.fallback());
        }
    }
}
