// SPDX-License-Identifier: MPL-2.0
package androidx.test.runner.lifecycle;
import java.util.concurrent.atomic.AtomicReference;
public final class ApplicationLifecycleMonitorRegistry {
  private static final AtomicReference<ApplicationLifecycleMonitor> R = new AtomicReference<>();
  private ApplicationLifecycleMonitorRegistry() {}
  public static ApplicationLifecycleMonitor getInstance() { ApplicationLifecycleMonitor m = R.get(); if (m == null) throw new IllegalStateException("none registered"); return m; }
  public static void registerInstance(ApplicationLifecycleMonitor m) { R.set(m); }
}
