// SPDX-License-Identifier: MPL-2.0
package androidx.test.runner.intent;
import java.util.concurrent.atomic.AtomicReference;
public final class IntentMonitorRegistry {
  private static final AtomicReference<IntentMonitor> R = new AtomicReference<>();
  private IntentMonitorRegistry() {}
  public static IntentMonitor getInstance() { IntentMonitor m = R.get(); if (m == null) throw new IllegalStateException("none registered"); return m; }
  public static void registerInstance(IntentMonitor m) { R.set(m); }
}
