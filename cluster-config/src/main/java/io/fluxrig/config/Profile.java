package io.fluxrig.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** The profiles that a node can run under; each is a file beside this class that a test loads. */
public final class Profile {
    private Profile() {}

    /** Mixer and Rack in one process on the loopback interface, embedded journal. */
    public static Config single() {
        return ConfigFactory.load(
                ConfigFactory.parseResourcesAnySyntax(Profile.class.getClassLoader(), "fluxrig-single"));
    }
}
