package io.fluxrig.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The operator's page on settings, made of the table. */
final class SettingsPage {
    private SettingsPage() {}

    static String text() {
        StringBuilder page = new StringBuilder("""
                # Settings

                Made from the table in `Setting`. `fluxrig config explain KEY` tells the value that holds, and where it comes from; `fluxrig config check` finds what is
                wrong before a start does. An option of a command goes before the environment, the environment before the profile. An unknown `FLUXRIG_` name stops the start.

                | variable | means | default | written like |
                |---|---|---|---|
                """);
        for (Setting setting : Setting.values()) {
            page.append("| `%s` | %s | %s | `%s` |\n"
                    .formatted(
                            setting.key(),
                            setting.meaning(),
                            defaults(setting),
                            setting.form().example()));
        }
        page.append("\nNeeded: ");
        List<String> needed = new ArrayList<>();
        for (Profile profile : Profile.values()) {
            if (!profile.needed().isEmpty()) {
                needed.add("by `" + word(profile) + "` "
                        + String.join(
                                ", ",
                                profile.needed().stream()
                                        .map(s -> "`" + s.key() + "`")
                                        .toList()));
            }
        }
        return page.append(String.join("; ", needed)).append(".\n").toString();
    }

    private static String defaults(Setting setting) {
        StringBuilder text = new StringBuilder(quoted(setting.fallback()));
        for (Profile profile : Profile.values()) {
            String own = profile.own().get(setting);
            if (own != null) {
                text.append("; ").append(word(profile)).append(": ").append(quoted(own));
            }
        }
        return text.toString();
    }

    private static String quoted(String value) {
        return value.isEmpty() ? "none" : "`" + value + "`";
    }

    private static String word(Profile profile) {
        return profile.name().toLowerCase(Locale.ROOT);
    }
}
