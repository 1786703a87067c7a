package dev.cogan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class FreeHeapTest {
  private final Jvm jvm = new Jvm();

  @Test
  void limitsThatNobodySetAreMovedAndMovedBack() {
    Runnable back = FreeHeap.keepSmall(jvm);
    assertThat(jvm.value(FreeHeap.LEAST)).isEqualTo(10);
    assertThat(jvm.value(FreeHeap.MOST)).isEqualTo(15);
    back.run();
    assertThat(jvm.value(FreeHeap.LEAST)).isEqualTo(40);
    assertThat(jvm.value(FreeHeap.MOST)).isEqualTo(70);
  }

  @Test
  void aSecondTrainingOfOneProgramMovesThemToo() {
    FreeHeap.keepSmall(jvm).run();
    FreeHeap.keepSmall(jvm);
    assertThat(jvm.value(FreeHeap.LEAST)).isEqualTo(10);
  }

  @Test
  void whatTheUserHasSetStays() {
    for (String given : List.of(FreeHeap.LEAST, FreeHeap.MOST)) {
      Jvm other = new Jvm();
      other.put(given, 50, VMOption.Origin.VM_CREATION);
      Map<String, VMOption> before = Map.copyOf(other.options);
      FreeHeap.keepSmall(other).run();
      assertThat(other.options).isEqualTo(before);
    }
  }

  @Test
  void aJvmThatRefusesTheUpperLimitKeepsItsLowerOne() {
    jvm.refused = FreeHeap.MOST;
    assertThatThrownBy(() -> FreeHeap.keepSmall(jvm)).isInstanceOf(IllegalArgumentException.class);
    assertThat(jvm.value(FreeHeap.LEAST)).isEqualTo(40);
  }

  @Test
  void withoutTheBeanNothingHappens() {
    FreeHeap.keepSmall(null).run();
  }

  @Test
  void theRunningJvmIsAfterwardsAsItWas() {
    var bean = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    assumeTrue(bean != null);
    final String before = bean.getVMOption(FreeHeap.MOST).getValue();
    try (SmallHeap.Held heap = SmallHeap.keep()) {
      assertThat(heap).isNotNull();
      assertThat(bean.getVMOption(FreeHeap.MOST).getValue()).isEqualTo("15");
    }
    assertThat(bean.getVMOption(FreeHeap.MOST).getValue()).isEqualTo(before);
  }

  /** The options of a JVM; refuses, as HotSpot does, a lower limit above the upper one. */
  private static final class Jvm implements HotSpotDiagnosticMXBean {
    private final Map<String, VMOption> options = new LinkedHashMap<>();
    private String refused;

    Jvm() {
      put(FreeHeap.LEAST, 40, VMOption.Origin.DEFAULT);
      put(FreeHeap.MOST, 70, VMOption.Origin.DEFAULT);
    }

    private void put(String name, int value, VMOption.Origin origin) {
      options.put(name, new VMOption(name, String.valueOf(value), true, origin));
    }

    int value(String name) {
      return Integer.parseInt(options.get(name).getValue());
    }

    @Override
    public void setVMOption(String name, String value) {
      if (name.equals(refused)) {
        throw new IllegalArgumentException(name + " = " + value);
      }
      put(name, Integer.parseInt(value), VMOption.Origin.MANAGEMENT);
      if (value(FreeHeap.LEAST) > value(FreeHeap.MOST)) {
        throw new IllegalArgumentException(name + " = " + value);
      }
    }

    @Override
    public VMOption getVMOption(String name) {
      return options.get(name);
    }

    @Override
    public List<VMOption> getDiagnosticOptions() {
      return List.copyOf(options.values());
    }

    @Override
    public ObjectName getObjectName() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void dumpHeap(String file, boolean live) {
      throw new UnsupportedOperationException();
    }
  }
}
