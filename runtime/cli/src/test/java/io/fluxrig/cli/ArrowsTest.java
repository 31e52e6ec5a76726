package io.fluxrig.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

/** The house's rules that Maven cannot see. */
class ArrowsTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.fluxrig");

    @Test
    void roomsOnlyKnowRoomsThatASignalMeetsBefore() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.fluxrig..")
                .layer("signal")
                .definedBy("io.fluxrig.signal..")
                .layer("spec")
                .definedBy("io.fluxrig.spec..")
                .layer("sdk")
                .definedBy("io.fluxrig.gear..")
                .layer("scenario")
                .definedBy("io.fluxrig.scenario..")
                .layer("gears")
                .definedBy("io.fluxrig.gears..")
                .layer("wal")
                .definedBy("io.fluxrig.wal..")
                .layer("vault")
                .definedBy("io.fluxrig.vault..")
                .layer("audit")
                .definedBy("io.fluxrig.audit..")
                .layer("config")
                .definedBy("io.fluxrig.config..")
                .layer("node")
                .definedBy("io.fluxrig.node..", "io.fluxrig.certs..")
                .layer("replay")
                .definedBy("io.fluxrig.replay..")
                .layer("command")
                .definedBy("io.fluxrig.cli..", "io.fluxrig.simulate..")
                .whereLayer("spec")
                .mayOnlyAccessLayers("signal")
                .whereLayer("sdk")
                .mayOnlyAccessLayers("signal", "spec")
                .whereLayer("scenario")
                .mayOnlyAccessLayers("signal", "spec", "sdk")
                .whereLayer("gears")
                .mayOnlyAccessLayers("signal", "spec", "sdk")
                .whereLayer("wal")
                .mayOnlyAccessLayers("signal")
                .whereLayer("vault")
                .mayOnlyAccessLayers("signal", "wal")
                .whereLayer("audit")
                .mayOnlyAccessLayers("signal", "vault")
                .whereLayer("replay")
                .mayNotBeAccessedByAnyLayer()
                .ignoreDependency(
                        DescribedPredicate.describe(
                                "the command", c -> c.getPackageName().startsWith("io.fluxrig.cli")),
                        DescribedPredicate.alwaysTrue())
                .check(OURS);
    }

    @Test
    void noRoomKnowsAnotherInACircle() {
        slices().matching("io.fluxrig.(*)..").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void signalsNeverTouchPekko() {
        noClasses()
                .that()
                .resideInAPackage("io.fluxrig.signal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.pekko..")
                .check(OURS);
    }

    @Test
    void nobodySerializesWithJava() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectOutputStream.class)
                .check(OURS);
    }
}
