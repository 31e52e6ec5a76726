package io.fluxrig.gear;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says what a component of a settings record means, what it is when absent, and between which numbers it must lie. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** One sentence for people. */
    String value();

    /** As written in YAML; without it the setting must be given (lists, maps and Optional are empty when absent). */
    String byDefault() default "";

    long min() default Long.MIN_VALUE;

    long max() default Long.MAX_VALUE;
}
