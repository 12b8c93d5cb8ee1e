package dev.errand;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which room may import which; what is not listed is forbidden. */
class RoomsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.errand");

  // Every room may import error and background, which import nothing, and budget, which imports
  // error alone.
  private static final String[] BASE = {"error", "budget", "background"};
  private static final Map<String, List<String>> MAY_IMPORT = new LinkedHashMap<>();

  static {
    MAY_IMPORT.put("secret", List.of());
    MAY_IMPORT.put("egress", List.of());
    MAY_IMPORT.put("tool", List.of());
    // Both webhooks and the platform's own events come in this form.
    MAY_IMPORT.put("cloudevent", List.of());
    MAY_IMPORT.put("account", List.of("secret"));
    MAY_IMPORT.put("profile", List.of("account"));
    MAY_IMPORT.put("servlet.host", List.of("tool", "egress"));
    // The registry hands on what a servlet said of its tools, in the words of the tool room.
    // It keeps compiled code for the host, which must be sealed, since it is run as it is read.
    MAY_IMPORT.put("servlet.registry", List.of("profile", "servlet.host", "tool", "secret"));
    // An installation belongs to a profile, so its room names the entity. The door inside that it
    // gives to one servlet has the form of the guarded one to the network.
    MAY_IMPORT.put(
        "servlet.install",
        List.of("profile", "servlet.registry", "servlet.host", "secret", "tool", "egress"));
    MAY_IMPORT.put("runner", List.of("tool", "egress"));
    // A callback's address is judged where it is registered, as a model's is.
    MAY_IMPORT.put("task", List.of("profile", "runner", "secret", "egress"));
    // A run's resource asks the profile room who may do what.
    MAY_IMPORT.put("run", List.of("task", "profile"));
    // As the run room's own resource does, a schedule's asks the profile room.
    MAY_IMPORT.put("schedule", List.of("run", "task", "profile"));
    // As the run room's own resource does, a trigger's asks the profile room.
    MAY_IMPORT.put("trigger", List.of("run", "task", "profile", "secret", "cloudevent"));
    // Its resource asks the profile room, too. It tells triggers which webhooks are our own.
    MAY_IMPORT.put("callback", List.of("run", "task", "profile", "secret", "egress", "trigger"));
    MAY_IMPORT.put(
        "worker",
        List.of(
            "run",
            "task",
            "profile",
            "servlet.host",
            "servlet.registry",
            "servlet.install",
            "runner",
            "tool",
            "secret"));
    // A tick does what every loop does, and keeps the run room's house.
    MAY_IMPORT.put("event", List.of("cloudevent", "run", "schedule", "callback", "worker"));
    // What a servlet of the service's own does for a run, by way of the API's own code.
    MAY_IMPORT.put(
        "inside",
        List.of("run", "task", "profile", "runner", "schedule", "servlet.install", "egress"));
    // It looks on through what the others tell of themselves, events and the ports that it fulfils;
    // so nobody else needs to know how anything is counted.
    MAY_IMPORT.put(
        "observe",
        List.of(
            "run", "runner", "tool", "worker", "servlet.host", "egress", "callback", "schedule"));
    List<String> all = new ArrayList<>(MAY_IMPORT.keySet());
    MAY_IMPORT.put("boot", all);
    MAY_IMPORT.put("demo", concat(all, "boot"));
    // Another face of the same rooms.
    List<String> faced = new ArrayList<>(all);
    faced.remove("worker");
    MAY_IMPORT.put("compat", faced);
  }

  @Test
  void roomsImportOnlyWhatTheyMay() {
    LayeredArchitecture rooms =
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.errand..")
            .layer("error")
            .definedBy("dev.errand.error..")
            .layer("budget")
            .definedBy("dev.errand.budget..")
            .layer("background")
            .definedBy("dev.errand.background..");
    for (String room : MAY_IMPORT.keySet()) {
      rooms = rooms.layer(room).definedBy("dev.errand." + room + "..");
    }
    rooms = rooms.whereLayer("error").mayNotAccessAnyLayer();
    rooms = rooms.whereLayer("background").mayNotAccessAnyLayer();
    rooms = rooms.whereLayer("budget").mayOnlyAccessLayers("error");
    for (Map.Entry<String, List<String>> room : MAY_IMPORT.entrySet()) {
      rooms =
          rooms
              .whereLayer(room.getKey())
              .mayOnlyAccessLayers(concat(room.getValue(), BASE).toArray(String[]::new));
    }
    rooms.check(CLASSES);
  }

  @Test
  void noRoomsImportEachOther() {
    slices().matching("dev.errand.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyClassIsInARoom() {
    noClasses().should().resideInAPackage("dev.errand").check(CLASSES);
    List<String> rooms = concat(new ArrayList<>(MAY_IMPORT.keySet()), BASE);
    noClasses()
        .that()
        .resideOutsideOfPackages(
            rooms.stream().map(room -> "dev.errand." + room + "..").toArray(String[]::new))
        .should()
        .resideInAPackage("dev.errand..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static List<String> concat(List<String> rooms, String... more) {
    List<String> all = new ArrayList<>(rooms);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }
}
