// SPDX-License-Identifier: MPL-2.0
package androidx.test.runner.lifecycle;
import java.util.concurrent.atomic.AtomicReference;
public final class ActivityLifecycleMonitorRegistry {
  private static final AtomicReference<ActivityLifecycleMonitor> R = new AtomicReference<>();
  private ActivityLifecycleMonitorRegistry() {}
  public static ActivityLifecycleMonitor getInstance() { ActivityLifecycleMonitor m = R.get(); if (m == null) throw new IllegalStateException("none registered"); return m; }
  public static void registerInstance(ActivityLifecycleMonitor m) { R.set(m); }
}
